import {
  type ChainClaim,
  type ChainReader,
  type ChainSettings,
  followIssuer,
  type IssuerFollower,
  type KeyResolver,
  type MemoryStore,
  type StatusLimits,
} from '@consulate/sdk'
import { type Logger, type Repeating, repeat } from '@consulate/server'
import type { StatusTokens } from '../ports.ts'
import type { TrustedIssuer } from '../records.ts'
import { createStatusFetch } from './status-fetch.ts'

const STATUS_MS = 1_000
const LISTEN_AGAIN_MS = 500
const DEADLINE_MS = 3_000

export interface FollowingOptions {
  chain: ChainSettings
  reader: ChainReader
  resolver: Pick<KeyResolver, 'resolveKeys'>
  memory: MemoryStore
  statusTokens: Pick<StatusTokens, 'open'>
  fetch: typeof globalThis.fetch
  nowMs(): number
  limits: StatusLimits
  logger: Logger
}

export interface KeptFollower {
  statusUrl: string
  follower: IssuerFollower
  /** Ends the connection when it is another one; the next one follows. */
  useToken(sealed: Uint8Array | null): void
  stop(): Promise<unknown>
}

/** Takes what a trusted issuer pushes, and looks at it once a second when it does not. */
export function keepFollowing(
  options: FollowingOptions,
  { did, statusUrl, statusToken }: Pick<TrustedIssuer, 'did' | 'statusUrl' | 'statusToken'>,
): KeptFollower {
  const { logger, statusTokens } = options
  let token = statusToken
  const openToken = () => (token ? statusTokens.open({ did, statusUrl }, token) : undefined)
  const alarm = (claim: ChainClaim) =>
    logger.warn({ issuer: did, claim }, 'an RPC says more of an issuer than signatures prove; it is not believed')
  const follower = followIssuer({
    ...options,
    issuer: did,
    statusUrl,
    fetch: createStatusFetch(options.fetch, statusUrl, openToken),
    monotonicMs: () => performance.now(),
    deadlineMs: DEADLINE_MS,
    alarm,
  })
  const report = (err: unknown) => logger.warn({ err, issuer: did }, 'the newest status of an issuer is not known')
  const polling = repeat(follower.round, () => STATUS_MS, report)
  const listening = keepListening(follower, did, logger)
  return {
    statusUrl,
    follower,
    useToken(sealed) {
      if (isSame(token, sealed)) return
      token = sealed
      listening.callAgain()
    },
    stop: () => Promise.all([polling.stop(), listening.stop()]),
  }
}

/** Connects to what the issuer pushes, again after each end. */
function keepListening(follower: IssuerFollower, issuer: string, logger: Logger): Repeating & { callAgain(): void } {
  const leaving = new AbortController()
  let calling = new AbortController()
  const isOver = () => leaving.signal.aborted || calling.signal.aborted
  const listening = repeat(
    () => {
      calling = new AbortController()
      return follower.listen(AbortSignal.any([leaving.signal, calling.signal]))
    },
    () => LISTEN_AGAIN_MS,
    (err) => isOver() || logger.info({ err, issuer }, 'an issuer does not push its status; it is asked'),
  )
  return {
    callAgain: () => calling.abort(),
    stop() {
      leaving.abort()
      return listening.stop()
    },
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === other || (one !== null && other !== null && Buffer.compare(one, other) === 0)
}
