import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createChainClient, readStatus } from '@consulate/registry'
import { issuerClient, verifierAdminClient, verifierClient, walletAdminClient, walletClient } from '@consulate/sdk'
import { expect } from 'chai'
import {
  ACCESS_KEY,
  type ForeignChain,
  type RpcProvider,
  startForeignChain,
  startProvider,
  startStallingHost,
} from './system/foreign-chain.ts'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { until } from './system/start-system.ts'

const BIN = join(import.meta.dirname, '../packages/cli/bin/consulate.js')
const CHAIN_ID = 84_532
const ROLE = 'payments.approver'
const DOMAIN = 'https://api.example'
const DEAD = '127.0.0.1:1'
const token = 'test-admin-token-0123456789'

describe('on somebody else’s chain', () => {
  let folder: string
  let chain: ForeignChain
  let provider: RpcProvider
  let stalling: Awaited<ReturnType<typeof startStallingHost>>
  let services: ServicesProcess
  let clients: ReturnType<typeof connect>

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-foreign-'))
    chain = await startForeignChain(CHAIN_ID)
    provider = await startProvider(chain)
    stalling = await startStallingHost()
    const deployed = await deploy()
    services = await runServices({
      ...deployed,
      CONSULATE_RPC_URLS: `${stalling.url},http://${DEAD}/${ACCESS_KEY},${provider.url},${provider.twin}`,
      ...Object.fromEntries(['ISSUER', 'WALLET', 'VERIFIER'].flatMap(ownSettings)),
      CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url'),
      CONSULATE_ADMIN_TOKEN: token,
      CONSULATE_RELAYER_KEY: chain.keys[1]!,
      CONSULATE_FINALITY: 'finalized',
      CONSULATE_LOG_LEVEL: 'info',
    })
    clients = connect(services)
    await clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    await clients.admin.trust(services.issuerDid, { roles: ['*'], statusUrl: `${services.issuer}/status` })
    await until(async () => (await clients.admin.trusted(services.issuerDid)).status !== null)
  })

  after(async () => {
    await services?.end()
    stalling?.close()
    provider?.close()
    await chain?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('agents are issued roles, verified, revoked and refused, and that is anchored there', async () => {
    const [honest, hijacked] = [await agentWith('honest'), await agentWith('hijacked')]
    expect(await outcome(hijacked)).to.equal('allowed')
    await clients.issuer.revokeRole(hijacked.did, ROLE, 'hijacked')
    await until(async () => (await outcome(hijacked)) === 'credential_revoked', 5_000)
    expect(await outcome(honest)).to.equal('allowed')
    const { head } = await clients.issuer.statusHead()
    await until(async () => (await clients.issuer.statusHead()).anchor.state === 'mined')
    const { chainId, client, statusRegistry } = await onChain()
    expect(await client.getChainId()).to.equal(chainId)
    expect(await readStatus(client, { statusRegistry, issuer: head.issuer as `0x${string}` })).to.include({
      version: head.version,
    })
  })

  it('an anchor is final when the chain says so, and not before', async () => {
    const { anchor } = await anchored('mined')
    await blocks(3)
    expect((await clients.issuer.statusHead()).anchor.state).to.equal('mined')
    provider.finalized = anchor.block! - 1
    await blocks(2)
    expect((await clients.issuer.statusHead()).anchor.state).to.equal('mined')
    provider.finalized = anchor.block!
    await anchored('final')
  })

  it('RPC URLs that stall or are dead are reported by their hosts, and no access key is in the log', async () => {
    const lines = reported('an RPC URL is not used')
    for (const service of ['issuer', 'wallet', 'verifier']) {
      const endpoints = lines.filter((line) => line.service === service).map(({ endpoint }) => endpoint)
      expect(endpoints).to.include.members([`RPC URL 1 at ${stalling.host}`, `RPC URL 2 at ${DEAD}`])
      expect(endpoints).to.not.include(`RPC URL 3 at ${provider.host}`)
    }
    expect(services.log()).to.not.include(ACCESS_KEY)
  })

  it('a chain that goes back is reported, and what it lost is sent again', async () => {
    await revokeSomebody()
    const { anchor } = await anchored('mined')
    const { client } = await onChain()
    const hashOfBlock = async () => (await client.getBlock({ blockNumber: BigInt(anchor.block!) })).hash
    const before = await hashOfBlock()
    // A block that is mined meanwhile keeps the reorganization from reaching the anchor's.
    await until(async () => {
      const newest = Number(await client.getBlockNumber())
      await client.request({ method: 'anvil_reorg', params: [newest - anchor.block! + 1, []] } as never)
      return (await hashOfBlock()) !== before
    })
    const noticed = [
      'the chain went back; a transaction is sent again',
      'the chain lost anchors; the newest head is sent',
    ]
    await until(async () => noticed.some((message) => reported(message).length > 0))
    await blocks(2)
    const { block, txHash } = (await anchored('mined')).anchor
    const receipt = await client.getTransactionReceipt({ hash: txHash as `0x${string}` })
    expect(receipt).to.include({ status: 'success', blockNumber: BigInt(block!) })
  })

  it('nothing waits for a chain that stalls: agents are verified, revoked and refused, and the anchor follows', async () => {
    const [honest, hijacked] = [await agentWith('honest while it stalls'), await agentWith('hijacked while it stalls')]
    expect([await outcome(honest), await outcome(hijacked)]).to.deep.equal(['allowed', 'allowed'])
    await blocks(2) // whoever forgot delegates at the reorg has asked for them again
    provider.stalls = true
    const begun = performance.now()
    await clients.issuer.revokeRole(hijacked.did, ROLE)
    await until(async () => (await outcome(hijacked)) === 'credential_revoked', 5_000)
    while (performance.now() - begun < 12_000) expect(await outcome(honest)).to.equal('allowed')
    expect((await clients.issuer.statusHead()).anchor.state).to.equal('pending')
    provider.stalls = false
    await anchored('mined')
    await until(async () => reported('an RPC URL is used again').length > 0)
  })

  it('a URL that has become another chain is not believed and reported, until it is ours again', async () => {
    const honest = await agentWith('honest on another chain')
    provider.chainId = 1
    const why = `is on chain 1, not ${CHAIN_ID}`
    await until(async () => reported('an RPC URL is not used').some((line) => line.why === why))
    await revokeSomebody(false)
    expect(await outcome(honest)).to.equal('allowed')
    expect((await clients.issuer.statusHead()).anchor.state).to.equal('pending')
    provider.chainId = undefined
    await anchored('mined')
  })

  /** The command's output is the environment of the services. */
  async function deploy(): Promise<Record<string, string>> {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const env = { PATH, NODE_COMPILE_CACHE, CONSULATE_DEPLOYER_KEY: chain.keys[0] }
    const args = ['--conditions=@consulate/source', BIN, 'registry', 'deploy', '--rpc-url', chain.url]
    const { stdout } = await promisify(execFile)(process.execPath, args, { env })
    const lines = stdout.split('\n').filter((line) => line && !line.startsWith('#'))
    const variables = Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
    expect(variables).to.include({ CONSULATE_RPC_URLS: chain.url, CONSULATE_CHAIN_ID: `${CHAIN_ID}` })
    deployment = variables
    return variables
  }

  let deployment: Record<string, string>

  function ownSettings(service: string): [string, string][] {
    const database = `sqlite:${join(folder, `${service.toLowerCase()}.sqlite`)}`
    return [
      [`CONSULATE_${service}_PORT`, '0'],
      [`CONSULATE_${service}_DATABASE_URL`, database],
    ]
  }

  /** The chain itself, past its provider. */
  async function onChain() {
    const client = createChainClient({ rpcUrls: [chain.url], chainId: CHAIN_ID })
    return { client, chainId: CHAIN_ID, statusRegistry: deployment.CONSULATE_STATUS_REGISTRY as `0x${string}` }
  }

  async function blocks(count: number) {
    const { client } = await onChain()
    const end = (await client.getBlockNumber()) + BigInt(count)
    await until(async () => (await client.getBlockNumber()) >= end)
  }

  async function anchored(state: 'mined' | 'final') {
    await until(async () => (await clients.issuer.statusHead()).anchor.state === state, 30_000)
    return clients.issuer.statusHead()
  }

  function reported(message: string): Record<string, string>[] {
    const lines = services
      .log()
      .split('\n')
      .filter((line) => line.includes(message))
    return lines.map((line) => JSON.parse(line))
  }

  async function revokeSomebody(verifies = true) {
    const agent = await agentWith(`revoked ${randomBytes(4).toString('hex')}`)
    if (verifies) expect(await outcome(agent)).to.equal('allowed')
    await clients.issuer.revokeRole(agent.did, ROLE)
  }

  async function agentWith(name: string) {
    const agent = await clients.wallet.createAgent(name)
    const own = walletClient({ url: services.wallet, token: agent.token }, agent.did)
    const { verifiableCredential } = await clients.issuer.issueRole(agent.did, { role: ROLE, operator: 'ops' })
    await own.store(verifiableCredential)
    return { did: agent.did, own }
  }

  async function outcome({ own }: Awaited<ReturnType<typeof agentWith>>): Promise<string> {
    const verifier = await clients.verifier()
    const { challenge } = await verifier.challenge(DOMAIN)
    const presentation = await own.present({ domain: DOMAIN, challenge })
    return verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge }).then(
      () => 'allowed',
      (error) => error.code as string,
    )
  }
})

function connect({ issuer, wallet, verifier }: ServicesProcess) {
  const admin = verifierAdminClient({ url: verifier, token })
  let server: Promise<ReturnType<typeof verifierClient>> | undefined
  return {
    issuer: issuerClient({ url: issuer, token }),
    wallet: walletAdminClient({ url: wallet, token }),
    admin,
    verifier() {
      server ??= admin
        .addResourceServer('foreign', [DOMAIN])
        .then((added) => verifierClient({ url: verifier, token: added.token }))
      return server
    },
  }
}
