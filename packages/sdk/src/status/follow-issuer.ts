import { setTimeout as sleep } from 'node:timers/promises'
import {
  checkHeadExpiry,
  checkSuccessor,
  type DidKeys,
  DomainError,
  type ErrorCode,
  type Head,
  type IssuerStatus,
  type PublishedHead,
  parseEthrDid,
  verifyHead,
} from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import type { KeyResolver } from '../did/key-resolver.ts'
import { anchorDelegates } from './anchor-delegates.ts'
import { followConviction } from './conviction.ts'
import { fetchChanged } from './fetch-changed.ts'
import { fetchHead } from './fetch-head.ts'
import { type ChainClaim, type ChainView, followChain } from './follow-chain.ts'
import { fromSnapshot, type IssuerMemory, type MemoryStore, type SignedHead, toSnapshot } from './issuer-memory.ts'
import { STATUS_LIMITS, type StatusLimits } from './status-limits.ts'

export interface FollowOptions {
  /** A did:ethr on `chain`. */
  issuer: string
  statusUrl: string
  chain: ChainSettings
  reader: ChainReader
  resolver: Pick<KeyResolver, 'resolveKeys'>
  memory: MemoryStore
  fetch: typeof globalThis.fetch
  /** Seconds since 1970. */
  now(): number
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number
  deadlineMs: number
  limits?: StatusLimits
  /** Told when an RPC begins to say more of the issuer than signatures prove. */
  alarm?(claim: ChainClaim): void
}

export interface IssuerFollower {
  /** One look at the issuer and its chain. Throws what kept it from knowing the newest status; what is known stays. */
  round(): Promise<void>
  /** What is known, from memory; undefined before the first head was verified. */
  status(): IssuerStatus | undefined
  /** The issuer's keys as they stand now; undefined until they are known, and when the chain was silent for too long. */
  keys(): DidKeys | undefined
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
const EQUIVOCATED = new Set<ErrorCode>(['issuer_equivocated'])
const MOVED_ON = new Set<ErrorCode>(['status_list_mismatch'])

/** Keeps one trusted issuer's keys, head, lists and kills in memory, all of it from signed evidence. */
export function followIssuer(options: FollowOptions): IssuerFollower {
  const { issuer, statusUrl, chain, reader, resolver, fetch, deadlineMs, limits = STATUS_LIMITS } = options
  const { address } = parseEthrDid(issuer)
  const domain = { chainId: chain.chainId, verifyingContract: chain.statusRegistry }
  const readChain = followChain(chain, reader, address)
  let keys: DidKeys | undefined
  let known: IssuerMemory | undefined
  let chainView: ChainView | undefined
  let freshAt: number | undefined
  let distrust: DomainError | undefined
  let chainSeenAt: number | undefined
  let chainFailure: unknown
  let looking: Promise<void> | undefined

  const remember = async () => {
    if (known) return
    const snapshot = await options.memory.load(issuer)
    if (snapshot !== undefined) known = fromSnapshot(snapshot)
  }

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

  const accept = async ({ head, signer, signature }: PublishedHead) => {
    for (const earlier of [known, chainView?.anchored]) {
      if (!earlier) continue
      try {
        checkSuccessor(earlier.head, head)
      } catch (error) {
        if (hasCode(error, EQUIVOCATED))
          await conviction.convict({ epoch: head.epoch, heads: [signedHead(earlier), { head, signer, signature }] })
        throw error
      }
    }
    checkHeadExpiry(head, options.now())
  }

  const advance = async () => {
    const issuerKeys = assertKeys()
    const askedAt = options.monotonicMs()
    const published = await fetchHead(fetch, statusUrl, { issuer, limits, deadlineMs })
    verifyHead(published, { issuer: address, domain })
    await delegates.assert(published.signer)
    await accept(published)
    if (published.head.version !== known?.head.version) {
      const expected = { issuer, statusUrl, keys: issuerKeys, limits, now: options.now(), deadlineMs }
      const lists = await fetchChanged(fetch, published.entries, known?.lists ?? new Map(), expected)
      const next = { ...signedHead(published), lists }
      await options.memory.save(issuer, toSnapshot(next), next.head)
      known = next
    }
    freshAt = askedAt
  }

  const look = async () => {
    try {
      const view = await readChain()
      keys = await resolver.resolveKeys(issuer)
      await delegates.renew()
      if (view.isUnproven && !chainView?.isUnproven) options.alarm?.(view.claim)
      chainView = view
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

  /** A list may have moved on between the head and itself. */
  const advanceWithPatience = async (attempts = 5): Promise<void> => {
    try {
      await advance()
    } catch (error) {
      if (attempts <= 1 || !hasCode(error, MOVED_ON)) throw error
      await advanceWithPatience(attempts - 1)
    }
  }

  return {
    refreshKeys,
    async round() {
      await remember()
      await conviction.look()
      await lookAtChain()
      try {
        await advanceWithPatience()
        distrust = undefined
      } catch (error) {
        if (hasCode(error, DISTRUST)) distrust = error
        throw error
      }
      const refusal = conviction.reason() ?? chainFailure
      if (refusal) throw refusal
    },
    keys: knownKeys,
    hasUnprovenClaim: () => chainView?.isUnproven ?? false,
    status() {
      if (!known || freshAt === undefined) return undefined
      const { head, lists } = known
      return {
        head,
        lists,
        killedBefore: chainView?.killedBefore ?? { issuer: 0, agents: new Map() },
        distrust: conviction.reason() ?? distrust,
        ageMs: options.monotonicMs() - freshAt,
        anchored: [chainView?.anchored?.head, chainView?.claim].every((anchored) => covers(anchored, head)),
      }
    },
  }
}

function signedHead({ head, signer, signature }: SignedHead): SignedHead {
  return { head, signer, signature }
}

function covers(anchored: Pick<Head, 'epoch' | 'version'> | undefined, head: Head): boolean {
  return anchored !== undefined && anchored.epoch === head.epoch && anchored.version >= head.version
}

function hasCode(error: unknown, codes: ReadonlySet<ErrorCode>): error is DomainError {
  return error instanceof DomainError && codes.has(error.code)
}
