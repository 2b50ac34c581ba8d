import { randomUUID } from 'node:crypto'
import { assertChain } from '@consulate/registry'
import { createChainReader, createEvidence, createKeyResolver, openChain } from '@consulate/sdk'
import {
  type AdministratorStore,
  assertRootKey,
  type Coalescer,
  coalesce,
  createAdministratorStore,
  createSealer,
  createSecretStore,
  type Logger,
  randomToken,
  reportEndpoint,
} from '@consulate/server'
import { openVerifierDatabase } from './adapters/database.ts'
import { createIssuerMemory } from './adapters/issuer-memory.ts'
import { rememberResourceServers } from './adapters/known-resource-servers.ts'
import { createMacChallenges } from './adapters/mac-challenges.ts'
import { createPollingFollower } from './adapters/polling-follower.ts'
import { createStore } from './adapters/store.ts'
import { createTrustList } from './adapters/trust-list.ts'
import type { VerifierConfig } from './config.ts'
import type { Challenges, Clock, Evidence, Random, StatusFollower, Store, TrustList } from './ports.ts'

export { verifierMigrations } from './adapters/database.ts'

/** Everything a use case of the verifier may ask for; made here, passed as an argument. */
export interface Context {
  store: Store
  administrators: AdministratorStore
  trust: TrustList
  follower: StatusFollower
  evidence: Evidence
  challenges: Challenges
  /** Lets many announcements share one look at the trust list. */
  reloading: Coalescer
  clock: Clock
  random: Random
  logger: Logger
}

/** Joins ports and adapters: opens the database and the chain, and follows whom it trusts. */
export async function openContext(
  config: VerifierConfig,
  logger: Logger,
  overrides: Partial<Context> = {},
): Promise<{ context: Context; close(): Promise<void> }> {
  const chain = { ...config.chain, report: reportEndpoint(logger) }
  await assertChain((await openChain(chain)).client)
  const database = await openVerifierDatabase({ url: config.databaseUrl, log: logger })
  try {
    const sealer = createSealer(config.rootKey)
    await assertRootKey(database, sealer)
    const challengeKey = await createSecretStore(database, sealer).getOrCreate('challenge-mac', 'service')
    const clock = overrides.clock ?? { now: () => Math.floor(Date.now() / 1000) }
    const store = rememberResourceServers(createStore(database))
    const trust = createTrustList(await store.listTrust())
    const resolver = createKeyResolver({ chain })
    const reader = createChainReader(chain)
    const memory = createIssuerMemory(database)
    const { now } = clock
    const follower = createPollingFollower({ chain, reader, resolver, memory, fetch: globalThis.fetch, now, logger })
    for (const trusted of await store.listTrust()) follower.follow(trusted)
    const context: Context = {
      store,
      administrators: createAdministratorStore(database),
      trust,
      follower,
      evidence: createEvidence({ trust: trust.find, follower: follower.find, resolver, now }),
      challenges: createMacChallenges(challengeKey, store, clock),
      reloading: coalesce(),
      clock,
      random: { uuid: randomUUID, token: () => randomToken('verifier') },
      logger,
      ...overrides,
    }
    const close = async () => {
      await follower.stop()
      await database.close()
    }
    return { context, close }
  } catch (error) {
    await database.close()
    throw error
  }
}
