import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type DidKeys, DomainError, type ErrorCode, type Head, type IssuerStatus, parseEthrDid } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import type { KeyResolver } from '../did/key-resolver.ts'
import { anchorDelegates } from './anchor-delegates.ts'
import { followConviction } from './conviction.ts'
import { type ChainClaim, type ChainView, followChain } from './follow-chain.ts'
import { followHeads, isBefore } from './follow-heads.ts'
import type { MemoryStore, RememberedHead } from './issuer-memory.ts'
import { type HeardEvent, mergeEvents } from './merge-events.ts'
import { STATUS_LIMITS, type StatusLimits } from './status-limits.ts'
import { type StatusEvent, subscribe } from './subscribe.ts'

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

/** A round waits no longer for a chain that has answered before, in milliseconds. */
const CHAIN_PATIENCE_MS = 1_000
/** For so long keys and anchors hold without a word of the chain, in milliseconds. */
const CHAIN_AGE_MS = 900_000

/** Errors of the issuer's own making, which distrust it until it shows something right again. */
const DISTRUST = new Set<ErrorCode>(['status_rollback'])

/** An issuer that has pushed within this time need not be asked, in milliseconds; a heartbeat may be late. */
const PUSHED_MS = 2_500

/** Events that have arrived and are not taken yet. */
const MOST_WAITING = 1_000

/** Keeps one trusted issuer's keys, head, lists and kills in memory, all of it from signed evidence. */
export function followIssuer(options: FollowOptions): IssuerFollower {
  const { issuer, statusUrl, chain, reader, resolver, fetch, limits = STATUS_LIMITS } = options
  const { address } = parseEthrDid(issuer)
  const domain = { chainId: chain.chainId, verifyingContract: chain.statusRegistry }
  const readChain = followChain(chain, reader, address)
  let keys: DidKeys | undefined
  let chainView: ChainView | undefined
  let pushedAt: number | undefined
  let distrust: DomainError | undefined
  let chainSeenAt: number | undefined
  let chainFailure: unknown
  let looking: Promise<void> | undefined

  const learnt = new Set<number>()
  const conviction = followConviction(issuer, options.memory)
  const delegates = anchorDelegates({ ...options, identity: address, maxAgeMs: CHAIN_AGE_MS })

  const refreshKeys = async () => {
    delegates.forget()
    try {
      keys = await resolver.resolveKeys(issuer)
    } catch (error) {
      keys = undefined // what changed is not known: the keys of before do not hold
      throw error
    }
  }

  /** What is pushed is taken without asking the chain, as long as it has said that the newest head's signer may sign. */
  const confirmSigner = async () => {
    const signer = heads.known?.signer
    if (signer && !delegates.stands(signer)) await delegates.assert(signer)
  }

  const look = async () => {
    try {
      const view = await readChain()
      for (const [epoch, heads] of view.equivocations) {
        if (learnt.has(epoch)) continue
        await conviction.learn({ epoch, heads })
        learnt.add(epoch)
      }
      keys = await resolver.resolveKeys(issuer)
      await delegates.renew()
      await confirmSigner()
      if (view.isUnproven && !chainView?.isUnproven) options.alarm?.(view.claim)
      chainView = view
      const anchored = anchoredPlace()
      if (anchored) heads.anchoredUpTo(anchored)
      chainSeenAt = options.monotonicMs()
      chainFailure = undefined
    } catch (error) {
      chainFailure = error
    }
  }

  /** What the chain said last holds for a while, so that one which stalls does not keep anybody from the issuer's status. */
  const lookAtChain = async () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    await (chainView ? Promise.race([looking, sleep(CHAIN_PATIENCE_MS, undefined, { ref: false })]) : looking)
  }

  const knownKeys = (): DidKeys | undefined =>
    chainSeenAt !== undefined && options.monotonicMs() - chainSeenAt < CHAIN_AGE_MS ? keys : undefined

  const assertKeys = (): DidKeys => {
    const current = knownKeys()
    if (current) return current
    throw chainFailure ?? new DomainError('chain_unavailable', `The chain of ${issuer} has said nothing for too long.`)
  }

  const openedEpoch = () => chainView?.openedEpoch ?? 0

  const heads = followHeads({
    ...options,
    identity: address,
    domain,
    limits,
    keys: assertKeys,
    assertDelegate: delegates.assert,
    anchored: () => chainView?.anchored,
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
        if (!signer || !delegates.stands(signer)) return
        if (heads.takeHeartbeat(event.token)) pushedAt = options.monotonicMs()
      }
    }
  }

  const isPushed = () => pushedAt !== undefined && options.monotonicMs() - pushedAt < PUSHED_MS

  /** Up to where the chain has the heads, by what it proves and by what it says. */
  const anchoredPlace = () => {
    const [proven, claimed] = [chainView?.anchored?.head, chainView?.claim]
    return proven && claimed && isBefore(claimed, proven) ? claimed : proven
  }

  return {
    refreshKeys,
    async round() {
      await heads.load()
      await conviction.look()
      await lookAtChain()
      if (!isPushed()) await judge(heads.fetchNewest)
      const refusal = conviction.reason() ?? chainFailure
      if (refusal) throw refusal
    },
    async listen(signal) {
      if (!heads.known || !knownKeys()) return
      const { epoch, version } = heads.known.head
      const broken = new AbortController()
      const until = AbortSignal.any([signal, broken.signal])
      let heard: HeardEvent[] = []
      const takeHeard = async () => {
        await setImmediate() // what others push is heard first
        const events = mergeEvents(heard)
        heard = []
        for (const event of events) await judge(() => take(event))
      }
      let taken: Promise<unknown> = Promise.resolve()
      try {
        for await (const event of subscribe({ issuer, statusUrl, fetch, after: { epoch, version }, signal: until })) {
          heard.push(hear(event))
          taken = taken.then(takeHeard)
          taken.catch((error) => broken.abort(error))
          if (heard.length > MOST_WAITING) await taken
        }
      } finally {
        await taken // the next connection must not overtake what this one has brought
      }
    },
    keys: knownKeys,
    isPushed,
    openedEpoch,
    hasUnprovenClaim: () => chainView?.isUnproven ?? false,
    status() {
      const { known, revoked } = heads
      const ageMs = heads.ageMs()
      if (!known || ageMs === undefined) return undefined
      const { head, lists } = known
      return {
        head,
        lists,
        revoked,
        killedBefore: chainView?.killedBefore ?? { issuer: 0, agents: new Map() },
        distrust: conviction.reason() ?? distrust,
        ageMs,
        anchorLagMs: heads.unanchoredMs(anchoredPlace()),
        chainAgeMs: options.monotonicMs() - (chainSeenAt ?? Number.NEGATIVE_INFINITY),
        anchored: covers(anchoredPlace(), head),
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
