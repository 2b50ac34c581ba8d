import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import type { RunningService } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { DATABASES } from './system/databases.ts'
import { refusalOf, send } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

const ADDRESS = 20
const TOKEN = 30
const NOBODY = 'a-token-of-nobody-0123456789'
const TOO_MANY = '429 too_many_requests'

describe('rate limits', () => {
  let system: System
  let verifier: RunningService
  let count = 0

  before(async () => {
    system = await startSystem()
  })
  after(() => system?.stop())

  beforeEach(() => start())
  afterEach(() => verifier?.stop())

  /** A verifier of its own, which nobody has asked yet. */
  async function start(settings: Record<string, string> = {}): Promise<void> {
    count += 1
    const limits = { CONSULATE_RATE_LIMIT_ADDRESS: String(ADDRESS), CONSULATE_RATE_LIMIT_TOKEN: String(TOKEN) }
    const database = await DATABASES.SQLite(system.folder, `limited-${count}`)
    const env = { ...system.env, ...limits, CONSULATE_VERIFIER_DATABASE_URL: database, ...settings }
    verifier = await startVerifier(verifierConfig(env))
  }

  const ask = (path: string, token?: string, headers = {}) => send(`${verifier.url}${path}`, { token, headers })
  const refusals = async (times: number, path: string, token?: string, headers = {}) => {
    const outcomes: string[] = []
    for (let time = 0; time < times; time++) {
      const answer = await ask(path, token, headers)
      outcomes.push(answer.status === 200 ? '200' : refusalOf(answer))
    }
    return outcomes
  }
  const times = (count: number, outcome: string) => Array<string>(count).fill(outcome)

  it('refuse an address that guesses tokens, and say when to come back', async () => {
    const outcomes = await refusals(ADDRESS + 5, '/resource-servers', NOBODY)
    expect(outcomes).to.deep.equal([...times(ADDRESS, '401 unauthenticated'), ...times(5, TOO_MANY)])
    const { status, headers } = await fetch(`${verifier.url}/resource-servers`)
    expect(status).to.equal(429)
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60)
  })

  it('refuse an address that asks public routes, or for what is not there, without end', async () => {
    const outcomes = [...(await refusals(ADDRESS, '/openapi.json')), ...(await refusals(1, '/nothing'))]
    expect(outcomes).to.deep.equal([...times(ADDRESS, '200'), TOO_MANY])
  })

  it('let in whose token is right, though a neighbour at its address is out', async () => {
    await refusals(ADDRESS + 1, '/resource-servers', NOBODY)
    expect(await refusals(5, '/resource-servers', ADMIN_TOKEN)).to.deep.equal(times(5, '200'))
  })

  it('refuse a token that asks without end, and no other', async () => {
    const admin = verifierAdminClient({ url: verifier.url, token: ADMIN_TOKEN })
    const clients = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const { token } = await admin.addResourceServer(name, [DOMAIN])
        return verifierClient({ url: verifier.url, token })
      }),
    )
    const asked = await Promise.all(Array.from({ length: TOKEN * 2 }, () => outcomeOf(clients[0]!.challenge(DOMAIN))))
    expect(asked.filter((outcome) => outcome === 'accepted')).to.have.lengthOf(TOKEN)
    expect(asked.filter((outcome) => outcome === TOO_MANY)).to.have.lengthOf(TOKEN)
    expect(await outcomeOf(clients[1]!.challenge(DOMAIN))).to.equal('accepted')
  })

  it('keep no monitor out', async () => {
    await refusals(ADDRESS + 1, '/nothing')
    for (const path of ['/healthz', '/metrics'])
      expect(await refusals(ADDRESS * 2, path)).to.deep.equal(times(ADDRESS * 2, '200'))
  })

  it('are not got past with X-Forwarded-For, but by what a trusted proxy says in it', async () => {
    const from = (address: string) => ({
      'X-Forwarded-For': address,
      Forwarded: `for=${address}`,
      'X-Real-IP': address,
    })
    const guess = async (address: string) => (await refusals(1, '/resource-servers', NOBODY, from(address)))[0]
    const addresses = Array.from({ length: ADDRESS + 5 }, (_, at) => `198.51.100.${at}`)
    const alone = []
    for (const address of addresses) alone.push(await guess(address))
    expect(alone.slice(-5)).to.deep.equal(times(5, TOO_MANY))
    await verifier.stop()
    await start({ CONSULATE_TRUSTED_PROXIES: '127.0.0.1, ::1/128' })
    for (const address of addresses) expect(await guess(address)).to.equal('401 unauthenticated')
    for (const address of addresses)
      await refusals(1, '/resource-servers', NOBODY, { 'X-Forwarded-For': `${address}, 203.0.113.9` })
    expect(await guess('203.0.113.9')).to.equal(TOO_MANY)
    const subscriber = Array.from({ length: ADDRESS + 1 }, (_, at) => `2001:db8:0:${at}::1`)
    for (const address of subscriber.slice(0, -1)) expect(await guess(address)).to.equal('401 unauthenticated')
    expect(await guess(subscriber.at(-1)!)).to.equal(TOO_MANY)
  })
})
