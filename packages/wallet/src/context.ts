import { askChainId, assertChain, createRelayer } from '@consulate/registry'
import { createChainReader, createKeyResolver, openChain, watchRegistry } from '@consulate/sdk'
import {
  type AdministratorStore,
  type Checks,
  chainCheck,
  createAdministratorStore,
  databaseCheck,
  keysCheck,
  type Logger,
  openServiceDatabase,
  randomToken,
  reportEndpoint,
  type Start,
} from '@consulate/server'
import { createAgent, DidStore, NodeKms } from '@consulate/server/veramo'
import { createAgentKeys } from './adapters/agent-keys.ts'
import { openWalletDatabase } from './adapters/database.ts'
import { createRegistryOwnership } from './adapters/registry-ownership.ts'
import { createStore } from './adapters/store.ts'
import type { WalletConfig } from './config.ts'
import type { AgentKeys, Alone, Clock, DidResolver, Ownership, Random, Store } from './ports.ts'

export { walletMigrations } from './adapters/database.ts'

/** Everything a use case of the wallet may ask for; made here, passed as an argument. */
export interface Context {
  store: Store
  administrators: AdministratorStore
  keys: AgentKeys
  ownership: Ownership
  /** Lets one instance at a time do what need not be done twice. */
  alone: Alone
  resolver: DidResolver
  clock: Clock
  random: Random
  logger: Logger
}

/** Joins ports and adapters: opens the database, the keys and the chain. `overrides` stand in for parts of it in tests. */
export async function openContext(
  config: WalletConfig,
  start: Start,
  overrides: Partial<Context> = {},
): Promise<{ context: Context; checks: Checks; watchRegistry(): Promise<void> }> {
  const { logger } = start
  const chain = { ...config.chain, report: reportEndpoint(logger) }
  const { client } = await openChain(chain)
  await assertChain(client)
  const { database, sealer } = await openServiceDatabase(openWalletDatabase, config, start)
  const resolver = createKeyResolver({ chain })
  const reader = createChainReader(chain)
  const watch = watchRegistry(chain.chainId, reader, resolver)
  const kms = new NodeKms(database, sealer)
  const dids = new DidStore(database)
  const network = { chainId: chain.chainId, rpcUrl: chain.rpcUrls[0]!, registry: chain.didRegistry }
  const agent = createAgent({
    database,
    kms,
    debug: config.debug,
    didResolver: resolver.documents,
    ethrNetworks: [network],
  })
  const { relayerKey, finality } = config
  const relayer = relayerKey && createRelayer(client, relayerKey)
  const context: Context = {
    store: createStore(database),
    administrators: createAdministratorStore(database),
    keys: createAgentKeys({ agent, dids, kms, chainId: chain.chainId }),
    ownership: createRegistryOwnership({ client, chain, reader, relayer, dids, kms, finality }),
    alone: database.alone,
    resolver: { resolveKeys: async (did) => resolver.resolveKeys(did) },
    clock: { now: () => Math.floor(Date.now() / 1000) },
    random: { token: () => randomToken('agent') },
    logger,
    ...overrides,
  }
  const checks: Checks = {
    database: databaseCheck(database),
    chain: chainCheck(chain.chainId, () => askChainId(client)),
    keys: keysCheck(database, sealer),
  }
  return { context, checks, watchRegistry: watch.round }
}
