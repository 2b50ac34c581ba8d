import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { envToConfig as issuerConfig, type RunningIssuer, startIssuer } from '@consulate/issuer'
import { createChainClient, type Devnet, deployRegistries, keepMining, startDevnet } from '@consulate/registry'
import {
  type ChainSettings,
  issuerClient,
  verifierAdminClient,
  verifierClient,
  walletAdminClient,
  walletClient,
} from '@consulate/sdk'
import type { RunningService } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import type { DatabaseKind } from './databases.ts'
import { expectDescribed, expectNothingOf } from './described.ts'
import { writeInstances } from './instances.ts'
import { migratedDatabase } from './migrated-database.ts'

export const ADMIN_TOKEN = 'test-admin-token-0123456789'

/** A whole Consulate on free ports and a chain of its own, in a folder that is removed at the end. */
export interface System {
  folder: string
  env: Record<string, string>
  chain: ChainSettings
  devnet: Devnet
  issuer: RunningIssuer
  wallet: RunningService
  verifier: RunningService
  verifierToken: string
  clients: ReturnType<typeof connect>
  /** An agent with its own DID, its wallet, and this role stored in it. */
  agentWith(name: string, role: string): Promise<TestAgent>
  /** Presents every role of an agent to a domain of the test's resource server. */
  present(agent: TestAgent, domain?: string): ReturnType<System['clients']['verifier']['verifyPresentation']>
  stop(): Promise<void>
}

export interface TestAgent {
  did: string
  name: string
  token: string
  credential: { id: string; verifiableCredential: string }
  wallet: ReturnType<typeof walletClient>
}

export const DOMAIN = 'https://api.example'

interface SystemOptions {
  database?: DatabaseKind
  /** Added to the environment of the services. */
  settings?: Record<string, string>
  /** What stands in for parts of the issuer. */
  issuer?: Parameters<typeof startIssuer>[1]
}

export async function startSystem({
  database = 'SQLite',
  settings = {},
  issuer: overrides,
}: SystemOptions = {}): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-test-'))
  const devnet = await startDevnet({ stateFile: join(folder, 'chain.json') })
  const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: devnet.chainId })
  const registries = await deployRegistries(client, devnet.accounts[0]!.privateKey)
  const mining = keepMining(client, 2)
  const env = { ...(await testEnv(folder, devnet, registries, database)), ...settings }
  const issuer = await startIssuer(issuerConfig(env), overrides)
  const wallet = await startWallet(walletConfig(env))
  const verifier = await startVerifier(verifierConfig(env))
  const urls = { issuer: issuer.url, wallet: wallet.url, verifier: verifier.url }
  for (const url of Object.values(urls)) await expectDescribed(url)
  const admin = verifierAdminClient({ url: urls.verifier, token: ADMIN_TOKEN })
  await admin.trust(issuer.did, {
    roles: ['*'],
    statusUrl: `${settings.CONSULATE_ISSUER_PUBLIC_URL ?? urls.issuer}/status`,
  })
  await until(async () => (await admin.trusted(issuer.did)).status !== null)
  const { token: verifierToken } = await admin.addResourceServer('test', [DOMAIN])
  const clients = connect(urls, verifierToken)
  return {
    folder,
    env,
    chain: { chainId: devnet.chainId, rpcUrls: [devnet.rpcUrl], ...registries },
    devnet,
    issuer,
    wallet,
    verifier,
    verifierToken,
    clients,
    async agentWith(name, role) {
      const agent = await clients.walletAdmin.createAgent(name)
      const own = walletClient({ url: urls.wallet, token: agent.token }, agent.did)
      const credential = await clients.issuer.issueRole(agent.did, { role, operator: 'ops@example.com' })
      await own.store(credential.verifiableCredential)
      return { ...agent, credential, wallet: own }
    },
    async present(agent, domain = DOMAIN) {
      const { challenge } = await clients.verifier.challenge(domain)
      const presentation = await agent.wallet.present({ domain, challenge })
      return clients.verifier.verifyPresentation(presentation, { domain, challenge })
    },
    async stop() {
      await Promise.all([verifier.stop(), wallet.stop(), issuer.stop()])
      await mining.stop()
      await devnet.stop()
      for (const url of Object.values(urls)) expectNothingOf(url)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function testEnv(
  folder: string,
  devnet: Devnet,
  registries: { didRegistry: string; statusRegistry: string },
  database: DatabaseKind,
) {
  return {
    CONSULATE_ISSUER_PORT: '0',
    CONSULATE_WALLET_PORT: '0',
    CONSULATE_VERIFIER_PORT: '0',
    CONSULATE_ISSUER_DATABASE_URL: await migratedDatabase(database, 'issuer', folder),
    CONSULATE_WALLET_DATABASE_URL: await migratedDatabase(database, 'wallet', folder),
    CONSULATE_VERIFIER_DATABASE_URL: await migratedDatabase(database, 'verifier', folder),
    CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url'),
    CONSULATE_ADMIN_TOKEN: ADMIN_TOKEN,
    CONSULATE_RPC_URLS: devnet.rpcUrl,
    CONSULATE_CHAIN_ID: String(devnet.chainId),
    CONSULATE_DID_REGISTRY: registries.didRegistry,
    CONSULATE_STATUS_REGISTRY: registries.statusRegistry,
    CONSULATE_RELAYER_KEY: devnet.accounts[1]!.privateKey,
    CONSULATE_WALLET_RELAYER_KEY: devnet.accounts[4]!.privateKey,
    CONSULATE_FINALITY: '2',
    CONSULATE_INSTANCES: writeInstances(folder),
    CONSULATE_LOG_LEVEL: 'silent',
  }
}

function connect(urls: Record<'issuer' | 'wallet' | 'verifier', string>, verifierToken: string) {
  return {
    issuer: issuerClient({ url: urls.issuer, token: ADMIN_TOKEN }),
    walletAdmin: walletAdminClient({ url: urls.wallet, token: ADMIN_TOKEN }),
    verifier: verifierClient({ url: urls.verifier, token: verifierToken }),
    verifierAdmin: verifierAdminClient({ url: urls.verifier, token: ADMIN_TOKEN }),
  }
}

/** Waits until `holds`, and fails after `timeoutMs`. */
export async function until(holds: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${timeoutMs} ms`)
    await sleep(50)
  }
}
