import { randomUUID } from 'node:crypto'
import { askChainId, assertChain } from '@consulate/registry'
import { openChain } from '@consulate/sdk'
import {
  type AdministratorStore,
  type Checks,
  type Coalescer,
  chainCheck,
  coalesce,
  createAdministratorStore,
  createSecretStore,
  databaseCheck,
  keysCheck,
  type Logger,
  openServiceDatabase,
  type Recent,
  recent,
  reportEndpoint,
  type Start,
} from '@consulate/server'
import { openIssuerDatabase } from './adapters/database.ts'
import { defaultInstance } from './adapters/default-instance.ts'
import { createInstanceStore } from './adapters/instance-store.ts'
import { assertIssuerKey } from './adapters/issuer-key-check.ts'
import { createListSecrets } from './adapters/list-secrets.ts'
import { openIdentity } from './adapters/open-identity.ts'
import { openInstances } from './adapters/open-instances.ts'
import { createMetrics } from './adapters/prometheus-metrics.ts'
import { createRegistryChain } from './adapters/registry-chain.ts'
import { registerStatusReadings } from './adapters/status-readings.ts'
import { openStatusStream } from './adapters/status-stream.ts'
import { createStore } from './adapters/store.ts'
import type { IssuerConfig } from './config.ts'
import type { InstanceStore, OpenInstance, SignedInstanceLists } from './instance-ports.ts'
import { DEFAULT_INSTANCE } from './instances.ts'
import type {
  Alone,
  Chain,
  Clock,
  IndexReserve,
  IssuerIdentity,
  ListSecrets,
  Metrics,
  PublishedHead,
  Random,
  SignedLists,
  Standing,
  Store,
  Together,
} from './ports.ts'
import type { SharedHead } from './records.ts'
import type { StatusStream } from './stream-ports.ts'
import { changeTogether } from './use-cases/change-together.ts'
import { guardIdentity } from './use-cases/guard-identity.ts'
import { readHead } from './use-cases/read-head.ts'

export { issuerMigrations } from './adapters/database.ts'

/** Everything a use case of the issuer may ask for; made here, passed as an argument. */
export interface Context {
  config: { publicUrl: string }
  store: Store
  administrators: AdministratorStore
  identity: IssuerIdentity
  secrets: ListSecrets
  chain: Chain
  clock: Clock
  random: Random
  /** Whether the database has all that the chain has; when not, nothing is signed. */
  standing: Standing
  /** Lets one instance at a time do what need not be done twice. */
  alone: Alone
  /** Changes of status that arrive together share one head. */
  changeTogether: Together<SharedHead>
  /** Status indices set aside for this process. */
  reserve: IndexReserve
  reserving: Coalescer
  /** Lets those who wait for the same signatures share them. */
  publishing: Coalescer
  /** What `readHead` answers, shared by all who ask within a second and no head is signed. */
  newestHead: Recent<PublishedHead>
  signedLists: SignedLists
  stream: StatusStream
  /** Lets those who have news to push share it. */
  pushing: Coalescer
  instances: ReadonlyMap<string, OpenInstance>
  instanceStore: InstanceStore
  signedInstanceLists: SignedInstanceLists
  metrics: Metrics
  logger: Logger
}

/** Milliseconds; an instance that missed the news of a new head serves the old one no longer. */
const HEAD_KEPT_MS = 1_000

/** Joins ports and adapters: opens the database, the keys and the chain. `overrides` stand in for parts of it in tests. */
export async function openContext(
  config: IssuerConfig,
  start: Start,
  overrides: Partial<Context> = {},
): Promise<{ context: Context; checks: Checks }> {
  const { url, logger, observer } = start
  const { publicUrl = url } = config
  const chain = { ...config.chain, report: reportEndpoint(logger) }
  const { client } = await openChain(chain)
  await assertChain(client)
  const { database, sealer } = await openServiceDatabase(openIssuerDatabase, config, start)
  const metrics = createMetrics(observer)
  const opened = await openIdentity(config, { client, chain, database, sealer, metrics, logger })
  const { keys, kid, onChain } = opened
  const store = overrides.store ?? createStore(database)
  const standing: Standing = { behind: undefined, epoch: 0 }
  const identity = guardIdentity(opened.identity, standing)
  const clock = overrides.clock ?? { now: () => Math.floor(Date.now() / 1000), nowMs: Date.now }
  const newestHead = recent(HEAD_KEPT_MS, () => readHead({ store, identity, clock }))
  const stream = overrides.stream ?? openStatusStream()
  const context: Context = {
    config: { publicUrl },
    store,
    administrators: createAdministratorStore(database),
    alone: database.alone,
    changeTogether: changeTogether({ store, clock, identity }),
    reserve: new Map(),
    reserving: coalesce(),
    identity,
    standing,
    secrets: createListSecrets(createSecretStore(database, sealer)),
    chain: createRegistryChain({ ...onChain, issuer: keys.address, finality: config.finality }),
    clock,
    random: { uuid: randomUUID },
    publishing: coalesce(),
    newestHead,
    signedLists: new Map(),
    stream,
    pushing: coalesce(),
    instances: new Map([
      [DEFAULT_INSTANCE, defaultInstance(identity, keys)],
      ...(await openInstances({ database, kms: onChain.kms, onChain }, config.instances)),
    ]),
    instanceStore: createInstanceStore(database),
    signedInstanceLists: new Map(),
    metrics,
    logger,
    ...overrides,
  }
  store.onNewHead(newestHead.forget)
  registerStatusReadings(observer, database, context)
  const checks: Checks = {
    database: databaseCheck(database),
    chain: chainCheck(chain.chainId, () => askChainId(client)),
    keys: keysCheck(database, sealer, async () => {
      identity.assertMaySign()
      await assertIssuerKey(onChain.resolver, keys.did, kid)
    }),
  }
  return { context, checks }
}
