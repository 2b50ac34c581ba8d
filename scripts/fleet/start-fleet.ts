import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChainClient, deployRegistries, keepMining, startDevnet } from '@consulate/registry'
import { DATABASES, type DatabaseKind } from '../../test/system/databases.ts'
import { type Instance, type ServiceName, startInstance } from './start-service.ts'

/** A chain, and instances of services that share their databases, each in a process of its own. */
export interface Fleet {
  folder: string
  env: Record<string, string>
  adminToken: string
  /** Starts one more instance. `changes` come on top of the fleet's environment. */
  start(service: ServiceName, changes?: Record<string, string>, nodeOptions?: string[]): Promise<Instance>
  stop(): Promise<void>
}

export async function startFleet(database: DatabaseKind): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-fleet-'))
  const devnet = await startDevnet({ stateFile: join(folder, 'chain.json') })
  const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: devnet.chainId })
  const registries = await deployRegistries(client, devnet.accounts[0]!.privateKey)
  const mining = keepMining(client, 2)
  const adminToken = `admin_${randomBytes(24).toString('base64url')}`
  const env = {
    CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url'),
    CONSULATE_ADMIN_TOKEN: adminToken,
    CONSULATE_RPC_URLS: devnet.rpcUrl,
    CONSULATE_CHAIN_ID: String(devnet.chainId),
    CONSULATE_DID_REGISTRY: registries.didRegistry,
    CONSULATE_STATUS_REGISTRY: registries.statusRegistry,
    CONSULATE_RELAYER_KEY: devnet.accounts[1]!.privateKey,
    CONSULATE_FINALITY: '2',
    CONSULATE_LOG_LEVEL: 'error',
    ...(await each('DATABASE_URL', (service) => DATABASES[database](folder, service))),
    ...(await each('PORT', async () => '0')),
  }
  const instances: Instance[] = []
  return {
    folder,
    env,
    adminToken,
    async start(service, changes = {}, nodeOptions) {
      const instance = await startInstance(service, { ...env, ...changes }, nodeOptions)
      instances.push(instance)
      return instance
    },
    async stop() {
      await Promise.all(instances.map((instance) => instance.end('SIGTERM')))
      await mining.stop()
      await devnet.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function each(variable: string, value: (service: ServiceName) => Promise<string>) {
  const settings: Record<string, string> = {}
  for (const service of ['issuer', 'wallet', 'verifier'] as const)
    settings[`CONSULATE_${service.toUpperCase()}_${variable}`] = await value(service)
  return settings
}
