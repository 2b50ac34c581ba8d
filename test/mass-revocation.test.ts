import { setTimeout as sleep } from 'node:timers/promises'
import { createChainClient, readStatusEvents } from '@consulate/registry'
import { expect } from 'chai'
import { drillMass } from '../scripts/drill/mass.ts'
import { describeOnEach } from './system/databases.ts'
import { send } from './system/http.ts'
import { ADMIN_TOKEN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const OTHER = 'payments.reader'
const AGENTS = 20
const EACH = 15

describeOnEach('taking a role from every agent', (database) => {
  let system: System
  let names = 0

  before(async () => {
    system = await startSystem({ database })
    for (const role of [ROLE, OTHER])
      await issuer().putRole(role, { description: role, maxValiditySeconds: 3600, sensitivity: 'high' })
  })
  after(() => system?.stop())

  const issuer = () => system.clients.issuer
  const grant = (did: string, role = ROLE) => issuer().issueRole(did, { role, operator: 'ops@example.com' })
  const newAgent = (role = ROLE) => system.agentWith(`agent ${names++}`, role)
  const outcome = (agent: TestAgent) =>
    system.present(agent).then(
      () => 'allowed',
      (error) => error.code as string,
    )

  it('refuses all of them after one head and one anchor, and nobody else', async () => {
    const agents = await Promise.all(Array.from({ length: AGENTS }, () => newAgent()))
    const granted = await Promise.all(agents.flatMap(({ did }) => Array.from({ length: EACH - 1 }, () => grant(did))))
    const reader = await newAgent(OTHER)
    const single = await newAgent()
    const { head: before } = await issuer().revokeRole(single.did, ROLE)
    await until(async () => (await issuer().statusHead()).anchor.state === 'final')

    const { revokedCount, head } = await issuer().revokeRoleOfAll(ROLE, 'leaked tool')
    expect([revokedCount, head.version]).to.deep.equal([AGENTS * EACH, before.version + 1])
    const outcomes = async () => new Set(await Promise.all(agents.map(outcome)))
    await until(async () => [...(await outcomes())].join() === 'credential_revoked', 5_000)
    expect(await outcome(reader)).to.equal('allowed')
    for (const { id } of [granted[0]!, granted.at(-1)!, agents[0]!.credential])
      expect(await issuer().credential(id)).to.deep.include({
        status: { revoked: true, suspended: false, reason: 'leaked tool' },
        changedBy: 'bootstrap',
      })
    expect((await issuer().credential(single.credential.id)).lastChange!.head.version).to.equal(before.version)

    await until(async () => (await issuer().statusHead()).anchor.state === 'final')
    expect((await issuer().statusHead()).head.version).to.equal(head.version)
    expect((await anchored()).filter((version) => version > before.version)).to.deep.equal([head.version])
  })

  async function anchored(): Promise<number[]> {
    const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
    const { statusRegistry } = system.chain
    const address = (await issuer().statusHead()).head.issuer as `0x${string}`
    const range = { fromBlock: 0, toBlock: Number(await client.getBlockNumber()) }
    const events = await readStatusEvents(client, { statusRegistry, issuer: address, ...range })
    return events.flatMap((event) => (event.type === 'anchored' ? [event.head.version] : []))
  }

  it('is done once for one Idempotency-Key, and leaves what was granted since', async () => {
    await grant((await newAgent()).did)
    const url = `${system.issuer.url}/roles/${ROLE}/credentials?reason=again`
    const call = () =>
      send(url, { method: 'DELETE', token: ADMIN_TOKEN, headers: { 'Idempotency-Key': 'once-for-all' } })
    const first = await call()
    expect(JSON.parse(first.text)).to.include({ revokedCount: 2 })
    const anew = await newAgent()
    expect((await call()).text).to.equal(first.text)
    await until(async () => (await outcome(anew)) === 'allowed', 5_000)
  })

  it('misses none that is issued at the same time, but those that were issued after', async () => {
    const agent = await newAgent()
    const issuing = Array.from({ length: 30 }, async (_, at) => {
      await sleep(at)
      return (await grant(agent.did)).id
    })
    await issuing[10]
    const answered = new Set([agent.credential.id])
    for (const each of issuing) void each.then((id) => answered.add(id))
    await sleep(0)
    const known = [...answered]
    const { head } = await issuer().revokeRoleOfAll(ROLE)
    for (const id of known) expect((await issuer().credential(id)).status.revoked, id).to.equal(true)
    const all = await Promise.all([...(await Promise.all(issuing))].map((id) => issuer().credential(id)))
    for (const { status, lastChange } of all)
      expect(lastChange?.head.version).to.equal(status.revoked ? head.version : undefined)
  })

  it('says so when there is no such role, and takes nothing but a reason', async () => {
    const call = async (path: string) => {
      const { status, text } = await send(`${system.issuer.url}${path}`, { method: 'DELETE', token: ADMIN_TOKEN })
      return `${status} ${JSON.parse(text).code}`
    }
    expect(await call('/roles/payments.unheard/credentials')).to.equal('404 role_unknown')
    expect(await call(`/roles/${ROLE}/credentials?agent=all`)).to.equal('400 invalid_request')
    expect(await call(`/roles/${ROLE}/credentials?reason=${'x'.repeat(257)}`)).to.equal('400 invalid_request')
  })
})

describe('taking a role from every agent, when the issuer is killed', () => {
  it('revokes all of them or none, and is answered when it is sent again', async () => {
    const { problems, figures } = await drillMass({ database: 'SQLite', agents: 1_000, kills: 1, lifeMs: 500 })
    expect(problems).to.deep.equal([])
    expect(figures.none! + figures.all!).to.equal(1)
  }).timeout(120_000)
})
