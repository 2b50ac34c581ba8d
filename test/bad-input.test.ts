import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { type Entrance, entrancesOf, ROLE } from './system/entrances.ts'
import { type Request, refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { ADMIN_TOKEN, type System, startSystem, type TestAgent } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'

describe('bad input', () => {
  let system: System
  let agent: TestAgent
  let entrances: Entrance[]
  let stored: string

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('target', ROLE)
    entrances = entrancesOf(system, agent)
    await settled(system)
    stored = storedState(system)
  })

  afterEach('nothing changed', () => {
    expect(storedState(system)).to.equal(stored)
  })

  after(() => system?.stop())

  /** The same bad request at every route that takes a body. */
  async function everywhere(refusal: string, request: (entrance: Entrance) => Request): Promise<void> {
    for (const entrance of entrances)
      expect(await refusalAt(entrance, request(entrance)), entrance.name).to.equal(refusal)
  }

  async function refusalAt({ url, method, token, verifies }: Entrance, request: Request): Promise<string> {
    const answer = await send(url, { method, token, ...request })
    return verifies ? verificationRefusalOf(answer) : refusalOf(answer)
  }

  const text = ({ body }: Entrance) => JSON.stringify(body)
  const withMembers = (entrance: Entrance, members: string) => `${text(entrance).slice(0, -1)},${members}}`

  it('is refused when it is no JSON', async () => {
    const malformed = '400 malformed_json'
    await everywhere(malformed, (entrance) => ({ body: text(entrance).slice(0, -1) }))
    await everywhere(malformed, () => ({ body: '{role: 1}' }))
    await everywhere(malformed, (entrance) => ({ body: `\ufeff${text(entrance)}` }))
    await everywhere(malformed, () => ({ body: Buffer.from([0x22, 0xc0, 0xaf, 0x22]) }))
    await everywhere(malformed, () => ({ body: '' }))
  })

  it('is refused when JSON parsers would read it differently', async () => {
    const malformed = '400 malformed_json'
    await everywhere(malformed, (entrance) => ({ body: withMembers(entrance, text(entrance).slice(1, -1)) }))
    await everywhere(malformed, (entrance) => ({ body: withMembers(entrance, '"x":1e400') }))
    await everywhere(malformed, (entrance) => ({ body: withMembers(entrance, '"x":9007199254740993') }))
    await everywhere(malformed, (entrance) => ({ body: withMembers(entrance, '"x":"\\ud800"') }))
  })

  it('is refused with the character U+0000, which PostgreSQL cannot store, wherever it stands', async () => {
    const role = { description: 'a\0b', maxValiditySeconds: 60, sensitivity: 'low' }
    const request = { method: 'PUT', token: ADMIN_TOKEN, body: role }
    expect((await send(`${system.issuer.url}/roles/a.b`, request)).text).to.include('U+0000')
    for (const path of ['/agents?after=%00', '/credentials/%00', '/administrators?after=%00'])
      expect(refusalOf(await send(system.issuer.url + path, { token: ADMIN_TOKEN })), path).to.equal(
        '400 invalid_request',
      )
  })

  it('is refused when it reaches for the prototype of objects', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', '__pro\\u0074o__'])
      await everywhere('400 malformed_json', (entrance) => ({
        body: withMembers(entrance, `"${name}":{"admin":true}`),
      }))
    expect(Object.prototype).to.not.have.property('admin')
  })

  it('is refused when it is nested deeply', async () => {
    const nested = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    await everywhere('400 malformed_json', (entrance) => ({ body: withMembers(entrance, `"x":${nested}`) }))
  })

  it('is refused when it has members that nobody asked for', async () => {
    for (const member of ['"id":"x"', '"issuer":"did:web:evil.example"', '"tokenHash":"x"', '"createdAt":0'])
      await everywhere('400 invalid_request', (entrance) => ({ body: withMembers(entrance, member) }))
  })

  it('is refused when a member has the wrong type', async () => {
    const values = [null, 7, 'x', true, [], { $ne: '' }]
    for (const value of values) await everywhere('400 invalid_request', () => ({ body: JSON.stringify(value) }))
    for (const entrance of entrances)
      for (const [name, right] of Object.entries(entrance.body))
        for (const value of values.filter((wrong) => kindOf(wrong) !== kindOf(right))) {
          if (name === entrance.either && ['string', 'object'].includes(kindOf(value))) continue
          const body = { ...entrance.body, [name]: value }
          expect(await refusalAt(entrance, { body }), `${entrance.name} ${JSON.stringify(body)}`).to.equal(
            '400 invalid_request',
          )
        }
  })

  it('is refused when an operator is more than one line of text', async () => {
    const issuing = entrances.find(({ body }) => 'operator' in body)!
    for (const character of ['\0', '\n', '\r', '\t', '\x1b', '\x7f', '\u0085', '\u2028']) {
      const body = { ...issuing.body, operator: `ops${character}x` }
      expect(await refusalAt(issuing, { body }), JSON.stringify(character)).to.equal('400 invalid_request')
    }
  })

  it('is refused when it is 10 MB, however it is sent', async () => {
    const body = blobOf(JSON.stringify({ x: 'x'.repeat(10_000_000) }))
    await everywhere('413 body_too_large', () => ({ body }))
    const nested = blobOf('['.repeat(10_000_000))
    await everywhere('413 body_too_large', () => ({ body: nested }))
  })

  it('is refused unread when nobody sent it', async () => {
    const body = blobOf('x'.repeat(10_000_000))
    await everywhere('401 unauthenticated', () => ({ body, token: 'a-token-of-nobody-0123456789' }))
  })

  it('is refused when it does not say that it is JSON, or is compressed', async () => {
    const refusal = '415 unsupported_media_type'
    for (const charset of ['utf-16', '"UTF-16LE"', 'iso-8859-1', 'utf-7'])
      await everywhere(refusal, (entrance) => ({ body: text(entrance), type: `application/json; charset=${charset}` }))
    for (const type of [null, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json'])
      await everywhere(refusal, (entrance) => ({ body: text(entrance), type }))
    const headers = { 'Content-Encoding': 'gzip' }
    await everywhere(refusal, (entrance) => ({ body: gzipSync(text(entrance)), headers }))
  })

  it('is refused at a route or with a method that does not exist', async () => {
    for (const { url } of [system.issuer, system.wallet, system.verifier]) {
      for (const path of ['/', '/nothing', '/Agents', '/agents/x/y/z', '/__proto__', '/.env'])
        expect(refusalOf(await send(`${url}${path}`, { token: ADMIN_TOKEN })), path).to.equal('404 not_found')
      expect((await send(`${url}/nothing`)).text).to.include('/openapi.json')
    }
    for (const method of ['PATCH', 'OPTIONS', 'PROPFIND'])
      await Promise.all(
        entrances.map(async ({ url, token, name }) =>
          expect(refusalOf(await send(url, { method, token })), `${method} at ${name}`).to.equal(
            '405 method_not_allowed',
          ),
        ),
      )
  })

  it('is refused in a path that cannot be decoded', async () => {
    for (const path of ['/agents/%zz', '/agents/%ff', '/agents/%E0%A4%A/credentials'])
      for (const { url } of [system.issuer, system.wallet])
        expect(refusalOf(await send(`${url}${path}`, { method: 'DELETE', token: ADMIN_TOKEN })), path).to.match(
          /^40[04] /,
        )
  })

  it('is refused for all that is wrong with it, at once', async () => {
    const url = `${system.verifier.url}/trust/issuers/${encodeURIComponent(agent.did)}`
    const { text } = await send(url, {
      method: 'PUT',
      token: ADMIN_TOKEN,
      body: { roles: 'all', minSensitivity: 'none' },
    })
    for (const told of ['roles: must be an array', 'statusUrl: is missing', 'minSensitivity: '])
      expect(JSON.parse(text).detail).to.include(told)
  })

  it('is refused in a query', async () => {
    const lists = [
      `${system.issuer.url}/agents`,
      `${system.wallet.url}/agents`,
      `${system.verifier.url}/resource-servers`,
      `${system.verifier.url}/trust/issuers`,
    ]
    const queries = [
      'limit=0',
      'limit=501',
      'limit=many',
      'limit=1&limit=2',
      'after=a&after=b',
      'admin=1',
      '__proto__=1',
    ]
    for (const url of lists)
      for (const query of queries)
        expect(refusalOf(await send(`${url}?${query}`, { token: ADMIN_TOKEN })), query).to.equal('400 invalid_request')
  })
})

/** `fetch` copies text and bytes whole, each time and several times; of this it reads as much as it sends. */
function blobOf(text: string): Blob {
  return new Blob([text])
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
