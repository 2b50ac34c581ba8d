import { setTimeout as sleep } from 'node:timers/promises'
import { type DidKeys, DomainError, type Hex } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import type { KeyResolver } from '../did/key-resolver.ts'
import { anchorDelegates } from './anchor-delegates.ts'
import type { Conviction } from './conviction.ts'
import { type ChainClaim, type ChainView, followChain } from './follow-chain.ts'
import { isBefore, type Place } from './place.ts'

export interface OnChainOptions {
  issuer: string
  identity: Hex
  chain: ChainSettings
  reader: ChainReader
  resolver: Pick<KeyResolver, 'resolveKeys'>
  conviction: Conviction
  monotonicMs(): number
  /** Who signed the newest head that is known. */
  newestSigner(): Hex | undefined
  /** Told up to where the chain has the heads. */
  onAnchored(place: Place): void
  /** Told when an RPC begins to say more of the issuer than signatures prove. */
  alarm?(claim: ChainClaim): void
}

/** A look that takes longer is not waited for, in milliseconds, once the chain has answered. */
const PATIENCE_MS = 1_000
/** For so long keys and anchors hold without a word of the chain, in milliseconds. */
const MOST_AGE_MS = 900_000

/** What the chain says of one issuer: its keys, its delegates, its anchors, and what convicts it. */
export function issuerOnChain(options: OnChainOptions) {
  const { issuer, identity, resolver, conviction, monotonicMs } = options
  const readChain = followChain(options.chain, options.reader, identity)
  const delegates = anchorDelegates({ ...options, maxAgeMs: MOST_AGE_MS })
  const learnt = new Set<number>()
  let keys: DidKeys | undefined
  let view: ChainView | undefined
  let seenAt = Number.NEGATIVE_INFINITY
  let failure: unknown
  let looking: Promise<void> | undefined

  const ageMs = () => monotonicMs() - seenAt

  const learn = async ({ equivocations }: ChainView) => {
    for (const [epoch, heads] of equivocations) {
      if (learnt.has(epoch)) continue
      await conviction.learn({ epoch, heads })
      learnt.add(epoch)
    }
  }

  /** What is pushed is taken without asking the chain, as long as it has said that the newest head's signer may sign. */
  const confirmSigner = async () => {
    const signer = options.newestSigner()
    if (signer && !delegates.stands(signer)) await delegates.assert(signer)
  }

  /** Up to where the chain has the heads, by what it proves and by what it says. */
  const anchoredPlace = (): Place | undefined => {
    const [proven, claimed] = [view?.anchored?.head, view?.claim]
    return proven && claimed && isBefore(claimed, proven) ? claimed : proven
  }

  const look = async () => {
    try {
      const seen = await readChain()
      await learn(seen)
      keys = await resolver.resolveKeys(issuer)
      await delegates.renew()
      await confirmSigner()
      if (seen.isUnproven && !view?.isUnproven) options.alarm?.(seen.claim)
      view = seen
      const anchored = anchoredPlace()
      if (anchored) options.onAnchored(anchored)
      seenAt = monotonicMs()
      failure = undefined
    } catch (error) {
      failure = error
    }
  }

  const knownKeys = (): DidKeys | undefined => (ageMs() < MOST_AGE_MS ? keys : undefined)

  return {
    delegates,
    anchoredPlace,
    ageMs,
    keys: knownKeys,
    /** What kept the last look from an answer. */
    failure: () => failure,
    view: () => view,
    /** What the chain said last holds for a while, so that one which stalls does not keep anybody from the issuer's status. */
    async look(): Promise<void> {
      looking ??= look().finally(() => {
        looking = undefined
      })
      await (view ? Promise.race([looking, sleep(PATIENCE_MS, undefined, { ref: false })]) : looking)
    },
    assertKeys(): DidKeys {
      const current = knownKeys()
      if (current) return current
      throw failure ?? new DomainError('chain_unavailable', `The chain of ${issuer} has said nothing for too long.`)
    },
    /** The DID or its delegates have changed. */
    async refreshKeys(): Promise<void> {
      delegates.forget()
      try {
        keys = await resolver.resolveKeys(issuer)
      } catch (error) {
        keys = undefined // what changed is not known: the keys of before do not hold
        throw error
      }
    },
  }
}
