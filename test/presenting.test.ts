import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { ROLE } from './system/entrances.ts'
import { payloadOf } from './system/forge.ts'
import { refusalOf, send } from './system/http.ts'
import { DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

const READER = 'inventory.reader'
const CHALLENGE = 'a-challenge-of-this-test'

describeOnEach('making a presentation', (database) => {
  let system: System
  let agent: TestAgent

  before(async () => {
    system = await startSystem({ database })
    for (const role of [ROLE, READER])
      await system.clients.issuer.putRole(role, { description: role, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('agent', ROLE)
  })

  after(() => system?.stop())

  const issueTo = (did: string, role = ROLE, validForSeconds = 3600) =>
    system.clients.issuer.issueRole(did, { role, operator: 'ops@example.com', validForSeconds })
  const present = async (options = {}, of = agent) =>
    payloadOf(await of.wallet.present({ domain: DOMAIN, challenge: CHALLENGE, ...options }))

  it('says for whom, for which challenge and for which request it is, and ends within two minutes', async () => {
    const presentation = await present({ htm: 'POST', htu: `${DOMAIN}/payments` })
    const { iat, exp, verifiableCredential, ...rest } = presentation as Record<string, number>
    expect(rest).to.deep.equal({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: agent.did,
      aud: DOMAIN,
      nonce: CHALLENGE,
      htm: 'POST',
      htu: `${DOMAIN}/payments`,
    })
    expect(Math.abs(iat! - Date.now() / 1000)).to.be.below(5)
    expect(exp! - iat!).to.be.within(1, 120)
    expect(verifiableCredential).to.deep.equal([
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: 'EnvelopedVerifiableCredential',
        id: `data:application/vc+jwt,${agent.credential.verifiableCredential}`,
      },
    ])
    expect(await present()).to.not.have.any.keys('htm', 'htu')
  })

  it('carries the roles that were asked for, and all of them when none was', async () => {
    const holder = await system.agentWith('two roles', ROLE)
    await holder.wallet.store((await issueTo(holder.did, READER)).verifiableCredential)
    const rolesIn = async (options: object) => rolesOf(await present(options, holder))
    expect(await rolesIn({})).to.have.members([ROLE, READER])
    expect(await rolesIn({ roles: [READER] })).to.deep.equal([READER])
    expect(await rolesIn({ roles: [READER, ROLE] })).to.have.members([ROLE, READER])
  })

  it('carries of several credentials for a role the newest, in whatever order they were stored', async () => {
    const holder = await system.agentWith('renewed', ROLE)
    const old = await issueTo(holder.did)
    await system.clients.issuer.setStatus(old.id, 'revocation', true)
    await system.clients.issuer.setStatus(holder.credential.id, 'revocation', true)
    await nextSecond()
    const short = await issueTo(holder.did, ROLE, 60)
    for (const { verifiableCredential } of [short, old]) {
      await holder.wallet.store(verifiableCredential)
      const { verifiableCredential: carried } = (await present({}, holder)) as {
        verifiableCredential: { id: string }[]
      }
      expect(carried).to.have.lengthOf(1)
      expect(carried[0]!.id).to.include(short.verifiableCredential)
    }
    await system.present(holder)
  })

  it('is refused for a role that the agent does not hold', async () => {
    const options = { domain: DOMAIN, challenge: CHALLENGE }
    expect(await outcomeOf(agent.wallet.present({ ...options, roles: [READER] }))).to.equal('404 role_not_held')
    const partly = agent.wallet.present({ ...options, roles: [ROLE, READER] })
    expect(await outcomeOf(partly)).to.equal('404 role_not_held')
  })

  it('is refused when nothing is held any more', async () => {
    const holder = await system.agentWith('cleared', ROLE)
    const url = `${system.wallet.url}/agents/${encodeURIComponent(holder.did)}/credentials/${holder.credential.id}`
    const read = await send(url, { token: holder.token })
    expect(JSON.parse(read.text).verifiableCredential).to.equal(holder.credential.verifiableCredential)
    expect((await send(url, { method: 'DELETE', token: holder.token })).status).to.equal(204)
    expect(refusalOf(await send(url, { token: holder.token }))).to.equal('404 credential_unknown')
    expect(refusalOf(await send(url, { method: 'DELETE', token: holder.token }))).to.equal('404 credential_unknown')
    expect(await outcomeOf(present({}, holder))).to.equal('404 role_not_held')
  })
})

/** Credentials say in whole seconds when they begin. */
function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1000)
  return until(async () => Math.floor(Date.now() / 1000) > second, 2_000)
}

function rolesOf(presentation: Record<string, unknown>): unknown[] {
  const envelopes = presentation.verifiableCredential as { id: string }[]
  return envelopes.map(({ id }) => (payloadOf(id) as { credentialSubject: { role: string } }).credentialSubject.role)
}
