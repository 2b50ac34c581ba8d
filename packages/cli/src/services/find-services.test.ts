import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { findServices } from './find-services.ts'

const DEAD = 'http://127.0.0.1:1'

describe('finding the services', () => {
  const seen: (string | undefined)[] = []
  const ids: unknown[] = []
  let folder: string
  let server: Server
  let url: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-cli-'))
    server = createServer((request, response) => {
      seen.push(request.headers.authorization)
      ids.push(request.headers['x-request-id'])
      response.setHeader('Content-Type', 'application/json').end('{}')
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    seen.length = 0
    writeEndpoints({})
  })
  after(() => {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('reads endpoints.json of the data folder', async () => {
    await findServices({ CONSULATE_DATA: folder }).issuer().statusHead()
    expect(seen).to.deep.equal(['Bearer admin-of-the-file'])
  })

  it('prefers the environment, the token of one service to the common one', async () => {
    const env = { CONSULATE_DATA: folder, CONSULATE_ISSUER_URL: `${url}/`, CONSULATE_ADMIN_TOKEN: 'common' }
    await findServices(env).issuer().statusHead()
    await findServices({ ...env, CONSULATE_ISSUER_ADMIN_TOKEN: 'own' })
      .issuer()
      .statusHead()
    expect(seen).to.deep.equal(['Bearer common', 'Bearer own'])
  })

  it('sends the token of endpoints.json to no other address', () => {
    const elsewhere = findServices({ CONSULATE_DATA: folder, CONSULATE_ISSUER_URL: DEAD })
    expect(() => elsewhere.issuer())
      .to.throw('CONSULATE_ADMIN_TOKEN is missing')
      .with.property('code', 'unauthenticated')
    expect(seen).to.deep.equal([])
  })

  it('says what to start when nothing runs', () => {
    const services = findServices({ CONSULATE_DATA: join(folder, 'none') })
    expect(() => services.wallet())
      .to.throw('consulate up')
      .with.property('code', 'unavailable')
  })

  it('says which service does not answer', async () => {
    writeEndpoints({ verifier: DEAD })
    const services = findServices({ CONSULATE_DATA: folder })
    const failure = await services
      .verifier()
      .challenge('https://api.example')
      .catch((error) => error)
    expect(failure.message).to.equal(`No answer from the verifier at ${DEAD}; check that it runs.`)
  })

  it('has one request id for all that one run of the command line asks of the services', async () => {
    ids.length = 0
    await findServices({ CONSULATE_DATA: folder }).issuer().statusHead()
    await findServices({ CONSULATE_DATA: folder }).verifierAdmin().trusted('did:key:z')
    expect(ids[0]).to.match(/^[0-9a-f-]{36}$/)
    expect(ids).to.deep.equal([ids[0], ids[0]])
  })

  it('refuses an endpoints.json that is not ours, and an address that is none', () => {
    expect(() => findServices({ CONSULATE_DATA: folder, CONSULATE_WALLET_URL: 'file:///etc' }).wallet()).to.throw(
      'CONSULATE_WALLET_URL must be',
    )
    writeFileSync(join(folder, 'endpoints.json'), '{"issuer":1}')
    expect(() => findServices({ CONSULATE_DATA: folder })).to.throw('endpoints.json cannot be used')
  })

  function writeEndpoints(changes: Record<string, string>): void {
    const endpoints = {
      issuer: url,
      wallet: url,
      verifier: url,
      rpcUrl: url,
      chainId: 1,
      didRegistry: '0x',
      statusRegistry: '0x',
      issuerDid: 'did:ethr:0x1:0x',
      adminToken: 'admin-of-the-file',
      verifierToken: 'verifier-of-the-file',
      ...changes,
    }
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints))
  }
})
