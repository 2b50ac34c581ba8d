import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

describe('request ids', () => {
  let system: System
  let services: ServicesProcess
  before(async () => {
    system = await startSystem()
    const database = (name: string) => `sqlite:${join(system.folder, `logged-${name}.sqlite`)}`
    services = await runServices({
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_LOG_LEVEL: 'info',
    })
  })
  after(async () => {
    await services?.end()
    await system.stop()
  })

  const lines = () =>
    services
      .log()
      .split('\n')
      .flatMap((line) => (line.startsWith('{"level"') ? [JSON.parse(line)] : []))
  const idOf = async (sent: string | undefined) => {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, ...(sent !== undefined && { 'X-Request-Id': sent }) }
    const response = await fetch(`${services.wallet}/agents`, { headers })
    expect(response.status).to.equal(200)
    return response.headers.get('x-request-id')!
  }

  it('are taken over from the caller, answered and logged', async () => {
    for (const id of [randomUUID(), randomUUID().toUpperCase(), 'a'.repeat(32), `${'0'.repeat(63)}f`]) {
      expect(await idOf(id)).to.equal(id)
      await until(async () => lines().some(({ req, service }) => req?.id === id && service === 'wallet'))
    }
  })

  it('are made here when the caller sends none, or anything that is none', async () => {
    const wrong = [
      '',
      'short-1',
      'x'.repeat(32),
      'a'.repeat(65),
      `${'a'.repeat(20)} b`,
      'aaaaaaaaaaaaaaaa"}',
      '-'.repeat(20),
    ]
    for (const id of [undefined, ...wrong]) {
      expect(await idOf(id)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/)
      if (id) expect(services.log()).to.not.include(id)
    }
  })

  it('go with a refusal and with whatever is logged on its way, the body included', async () => {
    const id = randomUUID()
    const response = await fetch(`${services.wallet}/agents`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json', 'X-Request-Id': id },
      body: '{"name": 5}',
    })
    expect([response.status, response.headers.get('x-request-id')]).to.deep.equal([400, id])
    await until(async () => lines().some(({ req, code }) => req?.id === id && code === 'invalid_request'))
  })

  it('are passed on from a verifier to the issuer whose status it asks for', async () => {
    const trust = (statusUrl: string) =>
      fetch(`${services.verifier}/trust/issuers/${encodeURIComponent(services.issuerDid)}`, {
        method: 'PUT',
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ roles: ['*'], statusUrl }),
      })
    const trusted = await trust(`${services.issuer}/status`)
    const own = trusted.headers.get('x-request-id')
    const asked = () =>
      lines()
        .filter(({ req, service }) => service === 'issuer' && req?.path === '/status/head')
        .map(({ req }) => req.id)
    const lists = () => lines().filter(({ req }) => req?.path?.startsWith('/status-lists/'))
    await until(async () => lists().length === 2)
    await trust(`${services.issuer}/status/head`) // it is followed anew, and asked again
    await until(async () => asked().length > 1)
    expect(new Set(asked()).size, 'each round has its own').to.equal(asked().length)
    expect(asked()).to.not.include(own)
    // The lists that a head names are asked for in the round that found it.
    expect(lists()).to.have.lengthOf(2)
    for (const { req } of lists()) expect(asked()).to.include(req.id)
  })
})
