import { gunzipSync } from 'node:zlib'
import { createChainClient, readStatus, readStatusEvents } from '@consulate/registry'
import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { describeOnEach } from './system/databases.ts'
import { type System, startSystem, type TestAgent, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describeOnEach('revoking a role', (database) => {
  let system: System
  let names = 0

  before(async () => {
    system = await startSystem({ database })
    for (const role of [ROLE, 'payments.reader'])
      await system.clients.issuer.putRole(role, { description: role, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  const newAgent = () => system.agentWith(`agent ${names++}`, ROLE)
  const outcome = (agent: TestAgent) =>
    system.present(agent).then(
      () => 'allowed',
      (error) => error.code as string,
    )
  const issuer = () => system.clients.issuer

  it('refuses the agent’s next presentation and leaves the others alone', async () => {
    const [hijacked, honest] = [await newAgent(), await newAgent()]
    expect(await outcome(hijacked)).to.equal('allowed')
    const { revoked, head } = await issuer().revokeRole(hijacked.did, ROLE, 'hijacked')
    expect(revoked).to.deep.equal([hijacked.credential.id])
    expect(head.version).to.be.above(1)
    await until(async () => (await outcome(hijacked)) === 'credential_revoked', 3_000)
    expect(await outcome(honest)).to.equal('allowed')
  })

  it('takes the one role and no other', async () => {
    const agent = await newAgent()
    const other = await issuer().issueRole(agent.did, { role: 'payments.reader', operator: 'ops@example.com' })
    await agent.wallet.store(other.verifiableCredential)
    await issuer().revokeRole(agent.did, ROLE)
    await until(async () => (await outcome(agent)) === 'credential_revoked', 3_000)
    const { challenge } = await system.clients.verifier.challenge('https://api.example')
    const options = { domain: 'https://api.example', challenge }
    const presentation = await agent.wallet.present({ ...options, roles: ['payments.reader'] })
    const { roles } = await system.clients.verifier.verifyPresentation(presentation, options)
    expect(roles.map(({ role }) => role)).to.deep.equal(['payments.reader'])
  })

  it('changes nothing when it is repeated, and refuses to be taken back', async () => {
    const agent = await newAgent()
    const first = await issuer().revokeRole(agent.did, ROLE)
    expect(await issuer().revokeRole(agent.did, ROLE)).to.deep.equal({ revoked: [], head: first.head })
    const back = issuer().setStatus(agent.credential.id, 'revocation', false)
    expect(await codeOf(back)).to.equal('409 revocation_is_final')
    const suspended = issuer().setStatus(agent.credential.id, 'suspension', true)
    expect(await codeOf(suspended)).to.equal('409 revocation_is_final')
    expect((await issuer().credential(agent.credential.id)).status.revoked).to.equal(true)
    const { credentials } = await issuer().agent(agent.did)
    expect(credentials.map(({ lastChange }) => lastChange?.head)).to.deep.equal([first.head])
  })

  it('says so when the agent never had the role', async () => {
    const { did } = await system.clients.walletAdmin.createAgent('without roles')
    expect(await codeOf(issuer().revokeRole(did, ROLE))).to.equal('404 role_not_held')
  })

  it('suspends, and lifts the suspension again', async () => {
    const agent = await newAgent()
    await issuer().setStatus(agent.credential.id, 'suspension', true)
    await until(async () => (await outcome(agent)) === 'credential_suspended', 3_000)
    await issuer().setStatus(agent.credential.id, 'suspension', false)
    await until(async () => (await outcome(agent)) === 'allowed', 3_000)
  })

  it('sets the bit, counted from the left, in the signed list', async () => {
    const agent = await newAgent()
    await issuer().setStatus(agent.credential.id, 'revocation', true)
    const { list, index } = revocationEntry(agent)
    const response = await fetch(list, { headers: { Accept: 'application/vc+jwt' } })
    const { credentialSubject } = decodeJwt(await response.text()) as { credentialSubject: { encodedList: string } }
    const bits = gunzipSync(Buffer.from(credentialSubject.encodedList.slice(1), 'base64url'))
    expect(bits).to.have.lengthOf(16_384)
    expect((bits[Math.floor(index / 8)]! >> (7 - (index % 8))) & 1).to.equal(1)
  })

  it('is anchored: pending, then mined, then final, in a transaction that carries the signed head', async () => {
    const agent = await newAgent()
    const { head } = await issuer().revokeRole(agent.did, ROLE)
    const states = new Set<string>()
    await until(async () => {
      const { lastChange } = await issuer().credential(agent.credential.id)
      states.add(lastChange!.anchor.state)
      return states.has('final')
    })
    expect([...states]).to.include('mined')
    const { lastChange } = await issuer().credential(agent.credential.id)
    const { txHash, block } = lastChange!.anchor
    const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
    const address = (await issuer().statusHead()).head.issuer as `0x${string}`
    const { statusRegistry } = system.chain
    const range = { fromBlock: block!, toBlock: block! }
    const [event] = await readStatusEvents(client, { statusRegistry, issuer: address, ...range })
    expect(event).to.include({ type: 'anchored', transactionHash: txHash })
    expect(event?.type === 'anchored' && event.head.version).to.be.at.least(head.version)
    expect(await readStatus(client, { statusRegistry, issuer: address })).to.include({ epoch: 0 })
  })

  it('puts a hundred revocations that arrive at once under few heads, without a gap, each told the one that says so', async () => {
    const agents = await Promise.all(Array.from({ length: 100 }, newAgent))
    const before = (await issuer().statusHead()).head.version
    const answers = await Promise.all(agents.map(({ did }) => issuer().revokeRole(did, ROLE)))
    const versions = [...new Set(answers.map(({ head }) => head.version))].sort((a, b) => a - b)
    expect(versions).to.have.length.within(1, 50)
    expect(versions).to.deep.equal(versions.map((_, i) => before + 1 + i))
    expect((await issuer().statusHead()).head.version).to.equal(versions.at(-1))
    for (const [at, { head }] of answers.entries()) {
      const { lastChange, status } = await issuer().credential(agents[at]!.credential.id)
      expect([status.revoked, lastChange!.head.version]).to.deep.equal([true, head.version])
    }
    await until(async () => (await outcome(agents[99]!)) === 'credential_revoked', 5_000)
    const outcomes = await Promise.all(agents.map(outcome))
    expect(new Set(outcomes)).to.deep.equal(new Set(['credential_revoked']))
  })

  it('refuses one change of those that arrive at once, and makes the others', async () => {
    const [gone, ...agents] = await Promise.all(Array.from({ length: 20 }, newAgent))
    await issuer().revokeRole(gone!.did, ROLE)
    const revoke = (agent: TestAgent) => issuer().setStatus(agent.credential.id, 'revocation', true)
    const outcomes = await Promise.allSettled([
      ...agents.slice(0, 9).map(revoke),
      issuer().setStatus(gone!.credential.id, 'revocation', false),
      issuer().revokeRole(gone!.did, 'payments.reader'),
      ...agents.slice(9).map(revoke),
    ])
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
    expect(refused).to.have.members(['revocation_is_final', 'role_not_held'])
    await until(async () => (await outcome(agents.at(-1)!)) === 'credential_revoked', 5_000)
    expect(new Set(await Promise.all(agents.map(outcome)))).to.deep.equal(new Set(['credential_revoked']))
  })

  it('kills an agent: every role at once, and a cut-off on chain that credentials issued later survive', async () => {
    const agent = await newAgent()
    const killed = await system.clients.issuer.killAgent(agent.did)
    expect(killed.revoked).to.deep.equal([agent.credential.id])
    expect(killed.kill.state).to.be.oneOf(['pending', 'mined'])
    await until(async () => ['credential_revoked', 'agent_killed'].includes(await outcome(agent)), 3_000)
    await until(async () => (await outcome(agent)) === 'agent_killed')
    const again = await system.clients.issuer.killAgent(agent.did)
    expect(again.kill.cutoff).to.equal(killed.kill.cutoff)
    await until(async () => (await system.clients.issuer.killAgent(agent.did)).kill.state === 'final')

    const anew = await issuer().issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
    await agent.wallet.store(anew.verifiableCredential)
    await system.clients.verifier.verifyCredential(anew.verifiableCredential)
    const old = system.clients.verifier.verifyCredential(agent.credential.verifiableCredential)
    expect(await codeOf(old)).to.equal('400 agent_killed')
  })

  it('leaves no valid credential behind when issuing races with killing', async () => {
    const agent = await newAgent()
    const issue = () => issuer().issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
    const before = Array.from({ length: 10 }, issue)
    const kill = system.clients.issuer.killAgent(agent.did)
    const after = Array.from({ length: 10 }, issue)
    const issued = Promise.allSettled([...before, ...after])
    const {
      revoked,
      kill: { cutoff },
    } = await kill
    for (const outcome of await issued) {
      if (outcome.status === 'rejected') expect(outcome.reason).to.include({ code: 'agent_just_killed' })
      else {
        const { id, validFrom } = outcome.value
        expect(revoked.includes(id) || Date.parse(validFrom) / 1000 > cutoff, id).to.equal(true)
      }
    }
  })

  function revocationEntry(agent: TestAgent): { list: string; index: number } {
    const { credentialStatus } = decodeJwt(agent.credential.verifiableCredential) as {
      credentialStatus: { statusPurpose: string; statusListIndex: string; statusListCredential: string }[]
    }
    const entry = credentialStatus.find(({ statusPurpose }) => statusPurpose === 'revocation')!
    return { list: entry.statusListCredential, index: Number(entry.statusListIndex) }
  }
})

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'accepted',
    (error) => `${error.status} ${error.code}`,
  )
}
