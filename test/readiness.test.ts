import { createServer } from 'node:http'
import { join } from 'node:path'
import { listen } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { refusalOf, send } from './system/http.ts'
import { startPostgres } from './system/postgres.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

type Checks = Record<string, { status: string; reason?: string; detail?: string }>

describe('readiness', () => {
  let system: System
  beforeEach(async () => {
    system = await startSystem()
  })
  afterEach(() => system.stop())

  async function readyz(url: string, query = ''): Promise<{ status: number; ready: string; checks: Checks }> {
    const response = await fetch(`${url}/readyz${query}`)
    const { status: ready, checks } = (await response.json()) as { status: string; checks: Checks }
    return { status: response.status, ready, checks }
  }

  it('says of each service what it needs, to anybody', async () => {
    const names = { issuer: ['database', 'chain', 'keys'], wallet: ['database', 'chain', 'keys'] }
    for (const [service, expected] of Object.entries({ ...names, verifier: ['database', 'chain', 'trust'] })) {
      const answer = await readyz(system[service as 'issuer'].url)
      expect(answer).to.include({ status: 200, ready: 'ready' })
      expect(answer.checks).to.deep.equal(Object.fromEntries(expected.map((name) => [name, { status: 'ok' }])))
    }
  })

  it('is lost with the chain, for those who mean the chain', async () => {
    const { issuer, wallet, verifier, devnet } = system
    await devnet.stop()
    for (const { url } of [issuer, wallet, verifier]) {
      await until(async () => (await readyz(url)).status === 503)
      const { ready, checks } = await readyz(url)
      expect(ready).to.equal('unready')
      expect(checks.chain).to.include({ status: 'failed', reason: 'chain_unavailable' })
      expect(checks.chain?.detail).to.include('CONSULATE_RPC_URLS').and.not.include(new URL(devnet.rpcUrl).port)
      expect(checks.database).to.deep.equal({ status: 'ok' })
      expect(await readyz(url, '?exclude=chain')).to.deep.include({ status: 200, ready: 'ready' })
      expect((await send(`${url}/healthz`)).status).to.equal(200)
    }
  })

  it('is lost with the status of one trusted issuer, and won back without it', async () => {
    const { issuer, verifier, clients } = system
    const stranger = `did:ethr:0x7a69:0x${'ab'.repeat(20)}`
    await clients.verifierAdmin.trust(stranger, { roles: ['*'], statusUrl: 'http://127.0.0.1:1/status' })
    await until(async () => (await readyz(verifier.url)).checks.trust?.reason === 'unknown')
    expect(await readyz(verifier.url)).to.include({ status: 503 })
    expect(JSON.stringify(await readyz(verifier.url))).to.not.match(/did:|127\.0\.0\.1/)
    await clients.verifierAdmin.distrust(stranger)
    await until(async () => (await readyz(verifier.url)).status === 200)
    await issuer.stop()
    issuer.stop = async () => undefined
    await until(async () => (await readyz(verifier.url)).checks.trust?.reason === 'stale')
  })

  it('is lost with a node that is on another chain', async () => {
    const other = await listen('127.0.0.1', 0)
    const chains = { chainId: '0x7a69' }
    const answer = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', async () => {
        const asked = JSON.parse(body)
        const forwarded = await fetch(system.devnet.rpcUrl, { method: 'POST', headers: JSON_TYPE, body })
        const result = asked.method === 'eth_chainId' ? { ...asked, result: chains.chainId } : await forwarded.json()
        response.writeHead(200, JSON_TYPE).end(JSON.stringify(result))
      })
    })
    other.serve((request, response) => void answer.emit('request', request, response))
    const wallet = await startWallet(
      walletConfig({
        ...system.env,
        CONSULATE_RPC_URLS: other.url,
        CONSULATE_WALLET_DATABASE_URL: `sqlite:${join(system.folder, 'elsewhere.sqlite')}`,
      }),
    )
    try {
      expect((await readyz(wallet.url)).status).to.equal(200)
      chains.chainId = '0x1'
      await until(async () => (await readyz(wallet.url)).status === 503)
      expect((await readyz(wallet.url)).checks.chain?.reason).to.be.oneOf(['wrong_chain', 'chain_unavailable'])
    } finally {
      await wallet.stop()
      await other.close()
    }
  })

  it('is lost with the database, and won back with it', async () => {
    const server = await startPostgres()
    const database = await server.createDatabase()
    const wallet = await startWallet(walletConfig({ ...system.env, CONSULATE_WALLET_DATABASE_URL: database }))
    try {
      expect(await readyz(wallet.url)).to.include({ status: 200, ready: 'ready' })
      await server.kill()
      await until(async () => (await readyz(wallet.url)).checks.database?.status === 'failed')
      const { status, checks } = await readyz(wallet.url)
      expect([status, checks.database?.reason]).to.deep.equal([503, 'unavailable'])
      expect(JSON.stringify(checks)).to.not.match(/postgres|ECONN/i)
      expect((await send(`${wallet.url}/metrics`)).status).to.equal(200)
      await server.start()
      await until(async () => (await readyz(wallet.url)).status === 200)
    } finally {
      await wallet.stop()
      await server.remove()
    }
  })

  it('is not there before a service has started', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const rpc = await listen('127.0.0.1', 0)
    rpc.serve((_request, response) => void held.then(() => response.destroy()))
    const free = await listen('127.0.0.1', 0)
    await free.close()
    const starting = startVerifier(
      verifierConfig({
        ...system.env,
        CONSULATE_VERIFIER_PORT: String(free.port),
        CONSULATE_RPC_URLS: rpc.url,
        CONSULATE_VERIFIER_DATABASE_URL: `sqlite:${join(system.folder, 'starting.sqlite')}`,
      }),
    ).catch((error: unknown) => error)
    await until(() =>
      send(`${free.url}/readyz`).then(
        ({ status }) => status === 503,
        () => false,
      ),
    )
    release()
    expect(await starting).to.have.property('code', 'chain_unavailable')
    await rpc.close()
  })

  it('takes no other words for its checks', async () => {
    const asked = `${system.wallet.url}/readyz?exclude=`
    for (const words of ['everything', 'chain,', 'chain,'.repeat(20), 'chain&exclude=keys'])
      expect(refusalOf(await send(`${asked}${words}`, { token: ADMIN_TOKEN })), words).to.equal('400 invalid_request')
  })
})

const JSON_TYPE = { 'Content-Type': 'application/json' }
