import { DomainError, type Hex } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'

/** Delegates are asked for again after so long, in milliseconds: an entry of ERC-1056 runs out without an event. */
const RENEW_MS = 30_000

/**
 * Which keys may sign this issuer's heads, as the chain said last. What it said holds for `maxAgeMs`, unless the chain tells
 * meanwhile that the issuer's DID has changed (`forget`): an answer to a question from before that counts for nothing.
 */
export function anchorDelegates(options: {
  issuer: string
  identity: Hex
  reader: Pick<ChainReader, 'isAnchorDelegate'>
  monotonicMs(): number
  maxAgeMs: number
}) {
  const { issuer, identity, reader, monotonicMs, maxAgeMs } = options
  let confirmedAt = new Map<Hex, number>()
  const ageOf = (signer: Hex) => monotonicMs() - (confirmedAt.get(signer) ?? Number.NEGATIVE_INFINITY)

  const ask = async (signer: Hex): Promise<boolean> => {
    const asked = confirmedAt
    const askedAt = monotonicMs()
    const stands = await reader.isAnchorDelegate(identity, signer)
    if (asked !== confirmedAt) return ask(signer)
    if (stands) confirmedAt.set(signer, askedAt)
    else confirmedAt.delete(signer)
    return stands
  }

  return {
    /** Whether it was one when the chain said last, without asking. */
    stands: (signer: Hex) => ageOf(signer) < maxAgeMs,
    /** Throws `head_signer_not_authorized`. */
    async assert(signer: Hex): Promise<void> {
      if (ageOf(signer) < maxAgeMs || (await ask(signer))) return
      throw new DomainError('head_signer_not_authorized', `${signer} is no statusAnchor delegate of ${issuer}.`)
    },
    async renew(): Promise<void> {
      for (const signer of confirmedAt.keys()) if (ageOf(signer) >= RENEW_MS) await ask(signer)
    },
    forget(): void {
      confirmedAt = new Map()
    },
  }
}
