import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createGuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts'

describe('fetching what strangers name', () => {
  let server: Server
  let port: number
  let hits: string[]
  let answer: RequestListener

  before(async () => {
    server = createServer((request, response) => {
      hits.push(request.url!)
      answer(request, response)
    })
    await once(server.listen(0), 'listening')
    port = (server.address() as AddressInfo).port
  })
  beforeEach(() => {
    hits = []
    answer = (_request, response) => response.end('{}')
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  const attempt = (url: string, options: GuardedFetchOptions = {}) =>
    createGuardedFetch({ deadlineMs: 2_000, ...options })(url, 'application/json').then(
      String,
      (error) => error as Error,
    )
  const fetchLocal = (options: GuardedFetchOptions = {}) =>
    attempt(`http://localhost:${port}/did.json`, { allow: ['localhost'], ...options })

  it('reaches no address that is not public, however it is written', async () => {
    const hosts = [
      'localhost',
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0.0.0.0',
      '[::1]',
      '[::]',
    ]
    const mapped = [
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '10.0.0.1',
      '169.254.169.254',
      '[fe80::1]',
    ]
    for (const host of [...hosts, ...mapped]) {
      expect(await attempt(`https://${host}:${port}/`), host)
        .to.be.an('error')
        .with.property('message')
        .that.includes('not allowed')
      expect(await attempt(`http://${host}:${port}/`), host).to.be.an('error')
    }
    expect(hits).to.be.empty
  })

  it('looks a name up once and connects to what it checked, so that no later answer can lead elsewhere', async () => {
    const answers = {
      'rebinding.example': ['127.0.0.1'],
      'mapped.example': ['::ffff:127.0.0.1'],
      'both.example': ['1.1.1.1', '127.0.0.1'],
    }
    const asked: string[] = []
    const { lookup } = dns
    useLookup((host, _options, done) => {
      asked.push(host)
      const addresses = answers[host as keyof typeof answers]
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    })
    try {
      for (const host of Object.keys(answers))
        expect(await attempt(`https://${host}:${port}/`), host)
          .to.be.an('error')
          .with.property('message')
          .that.includes('not allowed')
      expect(hits).to.be.empty
      const allowed = { allow: ['rebinding.example'] }
      expect(await attempt(`http://rebinding.example:${port}/`, allowed)).to.equal('{}')
      expect(asked).to.deep.equal([...Object.keys(answers), 'rebinding.example'])
    } finally {
      useLookup(lookup as Lookup)
    }
  })

  it('speaks https alone, but to a host that is allowed; nor does it take user info along', async () => {
    expect(await attempt(`http://localhost:${port}/`)).to.have.property('message', 'http: is refused')
    expect(await attempt('file:///etc/passwd', { allow: [''] })).to.have.property('message', 'file: is refused')
    expect(await attempt(`http://user:secret@localhost:${port}/`, { allow: ['localhost'] })).to.be.an('error')
    expect(hits).to.be.empty
    for (const allow of ['localhost', 'LOCALHOST', `localhost:${port}`])
      expect(await fetchLocal({ allow: [allow] })).to.equal('{}')
    expect(await fetchLocal({ allow: ['localhost:1', 'example.org'] })).to.be.an('error')
  })

  it('follows no redirect, and takes nothing but 200 for an answer', async () => {
    answer = (_request, response) => response.writeHead(302, { location: `http://localhost:${port}/elsewhere` }).end()
    expect(await fetchLocal()).to.have.property('message', 'it answered 302')
    answer = (_request, response) => response.writeHead(404).end('{}')
    expect(await fetchLocal()).to.have.property('message', 'it answered 404')
    expect(hits).to.deep.equal(['/did.json', '/did.json'])
  })

  it('takes no more than it was told, whatever the length is said to be', async () => {
    answer = (_request, response) => response.end('x'.repeat(1_001))
    expect(await fetchLocal({ maxBytes: 1_000 })).to.have.property('message', 'it sent more than 1000 bytes')
    answer = (_request, response) => response.end('x'.repeat(1_000))
    expect(await fetchLocal({ maxBytes: 1_000 })).to.have.lengthOf(1_000)
  })

  it('waits no longer than it was told, for the first byte as for the last', async () => {
    answer = () => undefined
    expect(await fetchLocal({ deadlineMs: 100 })).to.be.an('error')
    answer = (_request, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    }
    expect(await fetchLocal({ deadlineMs: 300 })).to.be.an('error')
  })
})

type Lookup = (
  host: string,
  options: dns.LookupAllOptions,
  done: (error: null, found: dns.LookupAddress[]) => void,
) => void

/** How names are looked up from now on, also by whoever imported `dns` before. */
function useLookup(lookup: Lookup): void {
  dns.lookup = lookup as typeof dns.lookup
  syncBuiltinESMExports()
}
