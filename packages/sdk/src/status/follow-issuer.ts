import { type DidKeys, DomainError, type ErrorCode, type Head, type IssuerStatus, parseEthrDid } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import type { KeyResolver } from '../did/key-resolver.ts'
import { followConviction } from './conviction.ts'
import type { ChainClaim } from './follow-chain.ts'
import { followHeads } from './follow-heads.ts'
import type { MemoryStore, RememberedHead } from './issuer-memory.ts'
import { issuerOnChain } from './issuer-on-chain.ts'
import type { HeardEvent } from './merge-events.ts'
import { STATUS_LIMITS, type StatusLimits } from './status-limits.ts'
import { type StatusEvent, subscribe } from './subscribe.ts'
import { takeInOrder } from './take-in-order.ts'

export interface FollowOptions {
  /** A did:ethr on `chain`. */
  issuer: string
  statusUrl: string
  chain: ChainSettings
  reader: ChainReader
  resolver: Pick<KeyResolver, 'resolveKeys'>
  memory: MemoryStore
  fetch: typeof globalThis.fetch
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number
  deadlineMs: number
  limits?: StatusLimits
  /** Told when an RPC begins to say more of the issuer than signatures prove. */
  alarm?(claim: ChainClaim): void
}

export interface IssuerFollower {
  /** One look at the chain, and at the issuer unless it pushes. Throws what kept it from knowing the newest status; what is known stays. */
  round(): Promise<void>
  /** Takes what the issuer pushes, as it comes, until `signal` or the end of the connection. Throws what ended it. */
  listen(signal: AbortSignal): Promise<void>
  /** What is known, from memory; undefined before the first head was verified. */
  status(): IssuerStatus | undefined
  /** The issuer's keys as they stand now; undefined until they are known, and when the chain was silent for too long. */
  keys(): DidKeys | undefined
  /** Whether the issuer pushes its status. */
  isPushed(): boolean
  /** The newest epoch that the chain proves to be opened. */
  openedEpoch(): number
  /** Whether an RPC says more of the issuer than signatures prove. Nothing follows from it but a look at why. */
  hasUnprovenClaim(): boolean
  /** Looks again at the issuer's DID and its delegates, because the chain says that they changed. */
  refreshKeys(): Promise<void>
}

/** Errors of the issuer's own making, which distrust it until it shows something right again. */
const DISTRUST = new Set<ErrorCode>(['status_rollback'])

/** An issuer that has pushed within this time need not be asked, in milliseconds; a heartbeat may be late. */
const PUSHED_MS = 2_500

/** Keeps one trusted issuer's keys, head, lists and kills in memory, all of it from signed evidence. */
export function followIssuer(options: FollowOptions): IssuerFollower {
  const { issuer, statusUrl, chain: settings, fetch, monotonicMs } = options
  const { address: identity } = parseEthrDid(issuer)
  let pushedAt = Number.NEGATIVE_INFINITY
  let distrust: DomainError | undefined

  const conviction = followConviction(issuer, options.memory)
  const chain = issuerOnChain({
    ...options,
    identity,
    conviction,
    newestSigner: () => heads.known?.signer,
    onAnchored: (place) => heads.anchoredUpTo(place),
  })
  const openedEpoch = () => chain.view()?.openedEpoch ?? 0
  const heads = followHeads({
    ...options,
    identity,
    domain: { chainId: settings.chainId, verifyingContract: settings.statusRegistry },
    limits: options.limits ?? STATUS_LIMITS,
    keys: chain.assertKeys,
    assertDelegate: chain.delegates.assert,
    anchored: () => chain.view()?.anchored,
    openedEpoch,
    convict: (one, other) =>
      conviction.convict({ epoch: other.head.epoch, heads: [signedHead(one), signedHead(other)] }),
  })

  /** What the issuer shows is right unless it throws; of some errors it is distrusted until it shows something right again. */
  const judge = async (work: () => Promise<unknown>) => {
    try {
      await work()
      distrust = undefined
    } catch (error) {
      if (error instanceof DomainError && DISTRUST.has(error.code)) distrust = error
      throw error
    }
  }

  /** A revocation counts at once; the rest of an event is taken when those before it are. */
  const hear = (event: StatusEvent): HeardEvent =>
    event.type === 'head' ? { ...event, deltas: heads.takeDeltas(event.pushed), passed: [] } : event

  const take = async (event: HeardEvent): Promise<void> => {
    switch (event.type) {
      case 'snapshot':
        return heads.takeSnapshot(event.published)
      case 'head':
        return heads.takePushed(event)
      case 'heartbeat': {
        const signer = heads.known?.signer
        if (!signer || !chain.delegates.stands(signer)) return
        if (heads.takeHeartbeat(event.token)) pushedAt = monotonicMs()
      }
    }
  }

  const isPushed = () => monotonicMs() - pushedAt < PUSHED_MS

  return {
    refreshKeys: chain.refreshKeys,
    async round() {
      await heads.load()
      await conviction.look()
      await chain.look()
      if (!isPushed()) await judge(heads.fetchNewest)
      const refusal = conviction.reason() ?? chain.failure()
      if (refusal) throw refusal
    },
    async listen(signal) {
      if (!heads.known || !chain.keys()) return
      const { epoch, version } = heads.known.head
      const broken = new AbortController()
      const until = AbortSignal.any([signal, broken.signal])
      const queue = takeInOrder(hear, (event) => judge(() => take(event)))
      try {
        for await (const event of subscribe({ issuer, statusUrl, fetch, after: { epoch, version }, signal: until }))
          await queue.add(event, (error) => broken.abort(error))
      } finally {
        await queue.taken() // the next connection must not overtake what this one has brought
      }
    },
    keys: chain.keys,
    isPushed,
    openedEpoch,
    hasUnprovenClaim: () => chain.view()?.isUnproven ?? false,
    status() {
      const { known, revoked } = heads
      const ageMs = heads.ageMs()
      if (!known || ageMs === undefined) return undefined
      const { head, lists } = known
      const anchored = chain.anchoredPlace()
      return {
        head,
        lists,
        revoked,
        killedBefore: chain.view()?.killedBefore ?? { issuer: 0, agents: new Map() },
        distrust: conviction.reason() ?? distrust,
        ageMs,
        anchorLagMs: heads.unanchoredMs(anchored),
        chainAgeMs: chain.ageMs(),
        anchored: covers(anchored, head),
      }
    },
  }
}

function signedHead({ head, signer, signature }: RememberedHead): RememberedHead {
  return { head, signer, signature }
}

function covers(anchored: Pick<Head, 'epoch' | 'version'> | undefined, head: Head): boolean {
  return anchored !== undefined && anchored.epoch === head.epoch && anchored.version >= head.version
}
