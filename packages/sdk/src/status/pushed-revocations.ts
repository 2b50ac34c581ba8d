import { type Delta, DomainError, getBit, indicesSet, LIST_BITS } from '@consulate/core'
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

/** These revocations and all of these lists, which hold in whatever lists may come in their place. */
export function addListed(pushed: PushedRevocations, lists: ReadonlyMap<string, KnownList>): PushedRevocations {
  const next = new Map(pushed)
  for (const [list, { purpose, bits }] of lists) {
    if (purpose !== 'revocation') continue
    const set = indicesSet(new Uint8Array(bits.length), bits)
    if (set.length > 0) next.set(list, new Set([...(pushed.get(list) ?? []), ...set]))
  }
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
