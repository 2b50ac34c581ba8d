import { randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { issuerClient, walletAdminClient } from '@consulate/sdk'
import { expect } from 'chai'
import { DATABASES, describeOnEach } from './system/databases.ts'
import { ROLE } from './system/entrances.ts'
import { type Answer, send } from './system/http.ts'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'

const GRANTS = 40

/** A request with its key, and the answer that it got before the kill. */
interface Asked {
  service: 'issuer' | 'wallet' | 'verifier'
  path: string
  method: string
  body?: object
  key: string
  answer?: Answer
}

describeOnEach('after kill -9 in the middle of many requests', (database) => {
  let system: System
  let env: Record<string, string>
  let services: ServicesProcess

  before(async () => {
    system = await startSystem()
    const newDatabase = (name: string) => DATABASES[database](join(system.folder, 'killed'), name)
    env = {
      ...system.env,
      CONSULATE_RELAYER_KEY: system.devnet.accounts[2]!.privateKey,
      CONSULATE_ISSUER_DATABASE_URL: await newDatabase('issuer'),
      CONSULATE_WALLET_DATABASE_URL: await newDatabase('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: await newDatabase('verifier'),
    }
    services = await runServices(env)
    await issuer().putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(async () => {
    await services?.end()
    await system?.stop()
  })

  const issuer = () => issuerClient({ url: services.issuer, token: ADMIN_TOKEN })
  const ask = ({ service, path, method, body, key }: Asked) =>
    send(services[service] + path, { method, token: ADMIN_TOKEN, body, headers: { 'Idempotency-Key': key } })

  it('each key has one outcome, which is the one that was acknowledged, committed without an answer or not', async () => {
    const agent = await walletAdmin().createAgent('agent')
    const requests = await manyRequests(agent.did)
    await askUntilKilled(requests)
    services = await runServices(env)
    const committed = await idsOf(agent.did)
    const acknowledged = requests.filter((asked) => asked.answer && isGrant(asked))
    expect(committed.length, 'credentials that were committed').to.be.above(acknowledged.length)
    await expectSameOutcomes(requests)
    const ids = await idsOf(agent.did)
    expect(ids).to.have.lengthOf(GRANTS)
    expect(ids).to.include.members(committed)
    await until(async () => (await issuer().statusHead()).anchor.state === 'final')
  })

  /** After a few grants, answers are lost on their way; the services are killed at the first of these. */
  async function askUntilKilled(requests: Asked[]): Promise<void> {
    let untilLost = randomInt(GRANTS / 2)
    let killed: Promise<unknown> | undefined
    await Promise.allSettled(
      requests.map(async (asked) => {
        const answer = await ask(asked)
        if (isGrant(asked) && untilLost-- === 0) killed = services.kill()
        if (!killed) asked.answer = answer
      }),
    )
    await killed
  }

  async function expectSameOutcomes(requests: Asked[]): Promise<void> {
    const repeated = await Promise.all(requests.map(ask))
    const again = await Promise.all(requests.map(ask))
    for (const [i, { answer, path }] of requests.entries()) {
      expect(repeated[i]!.status, `${path} ${repeated[i]!.text}`).to.be.oneOf([200, 201])
      expect(withoutToken(again[i]!)).to.deep.equal(withoutToken(repeated[i]!))
      if (!answer) continue
      expect(repeated[i]!.text).to.not.include('"token"')
      expect(withoutToken(repeated[i]!)).to.deep.equal(withoutToken(answer))
    }
  }

  /** Roles granted to this agent, others taken away, agents and resource servers made. */
  async function manyRequests(did: string): Promise<Asked[]> {
    const revoked = await Promise.all(
      [0, 1, 2].map(async (i) => {
        const other = await walletAdmin().createAgent(`revoked ${i}`)
        await issuer().issueRole(other.did, { role: ROLE, operator: 'ops@example.com' })
        return `/agents/${encodeURIComponent(other.did)}/roles/${ROLE}`
      }),
    )
    const roles = `/agents/${encodeURIComponent(did)}/roles`
    const grant = { role: ROLE, operator: 'ops@example.com' }
    const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
    const asked: Omit<Asked, 'key'>[] = [
      ...times(GRANTS, () => ({ service: 'issuer' as const, method: 'POST', path: roles, body: grant })),
      ...revoked.map((path) => ({ service: 'issuer' as const, method: 'DELETE', path })),
      ...times(8, (i) => ({
        service: 'wallet' as const,
        method: 'POST',
        path: '/agents',
        body: { name: `made ${i}` },
      })),
      ...times(4, (i) => ({
        service: 'verifier' as const,
        method: 'POST',
        path: '/resource-servers',
        body: { name: `made ${i}`, domains: [DOMAIN] },
      })),
    ]
    return asked.map((request) => ({ ...request, key: randomUUID() }))
  }

  const isGrant = ({ path }: Asked) => path.endsWith('/roles')
  const walletAdmin = () => walletAdminClient({ url: services.wallet, token: ADMIN_TOKEN })
  const idsOf = (did: string) =>
    issuer()
      .agent(did)
      .then(
        ({ credentials }) => credentials.map(({ id }) => id),
        (error) => {
          if (error.code !== 'agent_unknown') throw error
          return []
        },
      )
})

function withoutToken({ status, text }: Answer): object {
  const { token: _shownOnce, ...rest } = JSON.parse(text)
  return { status, ...rest }
}
