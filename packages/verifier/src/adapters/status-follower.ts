import { DomainError, type Freshness, parseEthrDid } from '@consulate/core'
import {
  type ChainClaim,
  type ChainReader,
  type ChainSettings,
  followIssuer,
  type IssuerFollower,
  type KeyResolver,
  type MemoryStore,
  type StatusLimits,
  watchRegistry,
} from '@consulate/sdk'
import { type Logger, repeat } from '@consulate/server'
import type { StatusFollower, StatusTokens } from '../ports.ts'
import { createStatusFetch } from './status-fetch.ts'
import { surveyStatuses } from './survey-statuses.ts'

const STATUS_MS = 1_000
const LISTEN_AGAIN_MS = 500
const REGISTRY_MS = 500
const DEADLINE_MS = 3_000

export interface RunningFollower extends StatusFollower {
  find(issuer: string): IssuerFollower | undefined
  stop(): Promise<void>
}

interface Followed {
  statusUrl: string
  follower: IssuerFollower
  /** Ends the connection when it is another one; the next one follows. */
  useToken(sealed: Uint8Array | null): void
  stop(): Promise<unknown>
}

/** Takes what every trusted issuer pushes, looks at it once a second when it does not, and at the DID registry twice. */
export function createStatusFollower(options: {
  chain: ChainSettings
  reader: ChainReader
  resolver: KeyResolver
  memory: MemoryStore
  statusTokens: Pick<StatusTokens, 'open'>
  fetch: typeof globalThis.fetch
  nowMs(): number
  freshness: Freshness
  limits: StatusLimits
  logger: Logger
}): RunningFollower {
  const { chain, reader, resolver, statusTokens, freshness, logger } = options
  const followed = new Map<string, Followed>()

  const refreshKeys = (did: string | undefined) => {
    for (const [issuer, { follower }] of followed)
      if (did === undefined || did === issuer)
        void follower.refreshKeys().catch((err) => logger.warn({ err, issuer }, 'the keys of an issuer are not known'))
  }
  const watch = watchRegistry(chain.chainId, reader, resolver, refreshKeys)
  const watching = repeat(
    watch.round,
    () => REGISTRY_MS,
    (err) => logger.warn({ err }, 'the chain is not watched'),
  )

  const unfollow = async (did: string) => {
    const known = followed.get(did)
    followed.delete(did)
    await known?.stop()
  }

  return {
    assertFollowable(did) {
      if (did.startsWith('did:ethr:') && parseEthrDid(did).chainId === chain.chainId) return
      throw new DomainError(
        'did_method_unsupported',
        `${did} cannot be followed here; an issuer is a did:ethr on chain ${chain.chainId}.`,
      )
    },
    follow({ did, statusUrl, statusToken }) {
      const before = followed.get(did)
      if (before?.statusUrl === statusUrl) return before.useToken(statusToken)
      void unfollow(did)
      let token = statusToken
      let calling = new AbortController()
      const monotonicMs = () => performance.now()
      const alarm = (claim: ChainClaim) =>
        logger.warn({ issuer: did, claim }, 'an RPC says more of an issuer than signatures prove; it is not believed')
      const openToken = () => (token ? statusTokens.open({ did, statusUrl }, token) : undefined)
      const fetch = createStatusFetch(options.fetch, statusUrl, openToken)
      const own = { issuer: did, statusUrl, fetch, monotonicMs, deadlineMs: DEADLINE_MS, alarm }
      const follower = followIssuer({ ...options, ...own })
      const report = (err: unknown) => logger.warn({ err, issuer: did }, 'the newest status of an issuer is not known')
      const polling = repeat(follower.round, () => STATUS_MS, report)
      const leaving = new AbortController()
      const listening = repeat(
        () => {
          calling = new AbortController()
          return follower.listen(AbortSignal.any([leaving.signal, calling.signal]))
        },
        () => LISTEN_AGAIN_MS,
        (err) =>
          leaving.signal.aborted ||
          calling.signal.aborted ||
          logger.info({ err, issuer: did }, 'an issuer does not push its status; it is asked'),
      )
      const stop = () => {
        leaving.abort()
        return Promise.all([polling.stop(), listening.stop()])
      }
      const useToken = (sealed: Uint8Array | null) => {
        if (isSame(token, sealed)) return
        token = sealed
        calling.abort()
      }
      followed.set(did, { statusUrl, follower, useToken, stop })
    },
    unfollow,
    find: (issuer) => followed.get(issuer)?.follower,
    openedEpoch: (did) => followed.get(did)?.follower.openedEpoch() ?? 0,
    describe(did) {
      const follower = followed.get(did)?.follower
      const status = follower?.status()
      if (!status) return undefined
      const { head, anchored, chainAgeMs } = status
      return {
        headVersion: head.version,
        ageMs: Math.round(status.ageMs),
        anchored,
        anchorLagMs: Math.round(status.anchorLagMs),
        chainAgeMs: Number.isFinite(chainAgeMs) ? Math.round(chainAgeMs) : null,
        pushed: follower!.isPushed(),
      }
    },
    survey() {
      const followers = [...followed.values()].map(({ follower }) => follower)
      const statuses = followers.map((follower) => follower.status())
      const unproven = followers.filter((follower) => follower.hasUnprovenClaim()).length
      const pushing = followers.filter((follower) => follower.isPushed()).length
      return { ...surveyStatuses(statuses, Math.floor(options.nowMs() / 1000), freshness), pushing, unproven }
    },
    async stop() {
      await watching.stop()
      await Promise.all([...followed.keys()].map(unfollow))
    },
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === other || (one !== null && other !== null && Buffer.compare(one, other) === 0)
}
