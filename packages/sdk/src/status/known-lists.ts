import { bitstringDigest, type Delta, emptyBitstring, type StatusEntry, withBits } from '@consulate/core'
import type { KnownList } from './issuer-memory.ts'

type Lists = ReadonlyMap<string, KnownList>

/** What a head says of all lists when it has changed these. */
export function entriesWith(lists: Lists | undefined, changed: readonly StatusEntry[]): Map<string, StatusEntry> {
  const entries = [...(lists ?? [])].map(([name, { purpose, version, digest }]) => ({ name, purpose, version, digest }))
  return new Map([...entries, ...changed].map((entry) => [entry.name, entry]))
}

/** What a new epoch says as the one before did: the rest may be from an older copy of the issuer's database. */
export function listsUnchanged(lists: Lists, entries: readonly StatusEntry[]): Map<string, KnownList> {
  const same = entries.flatMap(({ name, purpose, version, digest }): [string, KnownList][] => {
    const known = lists.get(name)
    return known?.digest === digest && known.purpose === purpose ? [[name, { ...known, version }]] : []
  })
  return new Map(same)
}

/** The bits of changed lists that follow from what was known and these deltas, or that are new and empty. */
export function bitsAfter(
  lists: Lists | undefined,
  changed: readonly StatusEntry[],
  deltas: readonly Delta[],
): Map<string, Uint8Array> {
  return new Map(changed.flatMap((entry) => bitsOf(entry, deltas, lists?.get(entry.name))))
}

function bitsOf(
  { name, digest }: StatusEntry,
  deltas: readonly Delta[],
  known: KnownList | undefined,
): [string, Uint8Array][] {
  const set = deltas.filter(({ list }) => list === name).flatMap((delta) => delta.set)
  const before = known?.bits ?? emptyBitstring()
  if (known && set.length === 0) return []
  if (set.some((index) => index >= before.length * 8)) return []
  const bits = withBits(before, set, true)
  return bitstringDigest(bits) === digest ? [[name, bits]] : []
}
