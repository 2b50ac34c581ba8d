import { randomBytes, randomUUID } from 'node:crypto'
import type { RegistryDomain } from '@consulate/core'
import { askChainId, assertChain } from '@consulate/registry'
import { createChainReader, createEvidence, createGuardedFetch, createKeyResolver, openChain } from '@consulate/sdk'
import {
  type AdministratorStore,
  type Checks,
  type Coalescer,
  chainCheck,
  coalesce,
  createAdministratorStore,
  createOutgoingFetch,
  createSecretStore,
  databaseCheck,
  type Logger,
  openServiceDatabase,
  randomToken,
  reportEndpoint,
  type Start,
} from '@consulate/server'
import { openVerifierDatabase } from './adapters/database.ts'
import { fetchStatusList } from './adapters/fetch-status-list.ts'
import { createIssuerMemory } from './adapters/issuer-memory.ts'
import { rememberResourceServers } from './adapters/known-resource-servers.ts'
import { createMacChallenges } from './adapters/mac-challenges.ts'
import { createMetrics } from './adapters/prometheus-metrics.ts'
import { createStatusTokens } from './adapters/sealed-status-tokens.ts'
import { createStatusFollower } from './adapters/status-follower.ts'
import { createStore } from './adapters/store.ts'
import { trustCheck } from './adapters/trust-check.ts'
import { createTrustList } from './adapters/trust-list.ts'
import { usedInDatabase, usedInMemory } from './adapters/used-challenges.ts'
import type { VerifierConfig } from './config.ts'
import type { VerifierInstances } from './instances.ts'
import type {
  Challenges,
  Clock,
  Documents,
  Evidence,
  Metrics,
  Random,
  SecuredEvidence,
  StatusFollower,
  StatusTokens,
  Store,
  TrustList,
  UsedChallenges,
} from './ports.ts'

export { verifierMigrations } from './adapters/database.ts'

/** Everything a use case of the verifier may ask for; made here, passed as an argument. */
export interface Context {
  store: Store
  administrators: AdministratorStore
  trust: TrustList
  follower: StatusFollower
  statusTokens: StatusTokens
  /** Where the heads of issuers count. */
  registry: RegistryDomain
  evidence: Evidence
  documents: Documents
  instances: VerifierInstances
  secured: SecuredEvidence
  challenges: Challenges
  usedChallenges: UsedChallenges
  /** Lets many announcements share one look at the trust list. */
  reloading: Coalescer
  clock: Clock
  random: Random
  metrics: Metrics
  logger: Logger
}

/** Joins ports and adapters: opens the database and the chain, and follows whom it trusts. */
export async function openContext(
  config: VerifierConfig,
  start: Start,
  overrides: Partial<Context> = {},
): Promise<{ context: Context; checks: Checks }> {
  const { logger, observer, resources } = start
  const chain = { ...config.chain, report: reportEndpoint(logger) }
  const { client } = await openChain(chain)
  await assertChain(client)
  const { database, sealer } = await openServiceDatabase(openVerifierDatabase, config, start)
  const clock = overrides.clock ?? { now: () => Math.floor(Date.now() / 1000), nowMs: Date.now }
  const store = rememberResourceServers(createStore(database))
  const usedChallenges = database.isShared ? usedInDatabase(store) : usedInMemory()
  const challengeKey = database.isShared
    ? await createSecretStore(database, sealer).getOrCreate('challenge-mac', 'service')
    : randomBytes(32)
  const trust = createTrustList(await store.listTrust())
  const guardedFetch = createGuardedFetch({ allow: config.outgoingAllow })
  const resolver = createKeyResolver({ chain, fetch: guardedFetch })
  const reader = createChainReader(chain)
  const memory = createIssuerMemory(database, clock)
  const { now } = clock
  const { freshness, statusLimits: limits } = config
  const fetch = createOutgoingFetch(observer.tracing)
  const statusTokens = createStatusTokens(sealer)
  const follower = createStatusFollower({
    chain,
    reader,
    resolver,
    memory,
    statusTokens,
    fetch,
    nowMs: clock.nowMs,
    freshness,
    limits,
    logger,
  })
  resources.defer(() => follower.stop())
  for (const trusted of await store.listTrust()) follower.follow(trusted)
  const context: Context = {
    store,
    administrators: createAdministratorStore(database),
    trust,
    follower,
    statusTokens,
    registry: { chainId: chain.chainId, verifyingContract: chain.statusRegistry },
    evidence: createEvidence({ trust: trust.find, follower: follower.find, resolver, now, freshness }),
    documents: { resolve: resolver.resolveDocument },
    instances: config.instances,
    secured: { now, keys: resolver.resolveKeys, statusList: (url) => fetchStatusList(guardedFetch, url) },
    challenges: createMacChallenges(challengeKey, usedChallenges, clock),
    usedChallenges,
    reloading: coalesce(),
    clock,
    metrics: createMetrics(observer, follower),
    random: { uuid: randomUUID, token: () => randomToken('verifier') },
    logger,
    ...overrides,
  }
  const checks: Checks = {
    database: databaseCheck(database),
    chain: chainCheck(chain.chainId, () => askChainId(client)),
    trust: trustCheck(follower),
  }
  return { context, checks }
}
