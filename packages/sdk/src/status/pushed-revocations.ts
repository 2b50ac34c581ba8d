import { type Delta, DomainError, getBit, LIST_BITS } from '@consulate/core'
import type { KnownList, PushedRevocations } from './issuer-memory.ts'

/** More than any issuer revokes between two heads. */
const MOST_INDICES = 1_000_000

/** These revocations and those of a delta, which hold from now on whatever its head turns out to be. */
export function addDelta(pushed: PushedRevocations, { list, set }: Delta, known: KnownList | undefined) {
  const bits = known ? known.bits.length * 8 : LIST_BITS
  const inList = set.filter((index) => index < bits)
  const added = new Set([...(pushed.get(list) ?? []), ...inList])
  const next = new Map(pushed).set(list, added)
  const count = [...next.values()].reduce((sum, { size }) => sum + size, 0)
  if (count > MOST_INDICES)
    throw new DomainError('status_too_large', `More than ${MOST_INDICES} revocations are in no list of the issuer.`)
  return next
}

/** What these lists do not say themselves. */
export function withoutListed(pushed: PushedRevocations, lists: ReadonlyMap<string, KnownList>): PushedRevocations {
  const rest = [...pushed].map(([list, indices]) => {
    const known = lists.get(list)
    return [list, known ? new Set([...indices].filter((index) => !getBit(known.bits, index))) : indices] as const
  })
  return new Map(rest.filter(([, { size }]) => size > 0))
}
