import { acceptEntries, acceptList, type DidKeys, DomainError, type StatusEntry } from '@consulate/core'
import { fetchList } from './fetch-list.ts'
import type { KnownList } from './issuer-memory.ts'
import type { StatusLimits } from './status-limits.ts'
import { isOwnList } from './status-urls.ts'

export interface ListsExpectation {
  issuer: string
  statusUrl: string
  keys: DidKeys
  limits: StatusLimits
  /** Seconds since 1970. */
  now: number
  deadlineMs: number
}

/** The lists of a head by their URLs: those that are known or given as they are, the others fetched, each checked. */
export async function fetchChanged(
  fetch: typeof globalThis.fetch,
  entries: readonly StatusEntry[],
  known: ReadonlyMap<string, KnownList>,
  given: ReadonlyMap<string, Uint8Array>,
  expected: ListsExpectation,
): Promise<Map<string, KnownList>> {
  acceptEntries(entries, known)
  const lists = new Map<string, KnownList>()
  for (const { name, digest, version } of entries) {
    const before = known.get(name)
    if (before?.digest === digest) lists.set(name, { ...before, version })
  }
  let bytes = [...lists.values()].reduce((sum, { bits }) => sum + bits.length, 0)
  for (const entry of entries) {
    const { name, purpose, version, digest } = entry
    if (lists.has(name)) continue
    const bits = given.get(name) ?? (await fetchOwn(fetch, entry, expected))
    bytes += bits.length
    assertRoom(bytes, expected)
    acceptList(entry, bits, known.get(name)?.bits)
    lists.set(name, { purpose, version, digest, bits })
  }
  return lists
}

async function fetchOwn(
  fetch: typeof globalThis.fetch,
  entry: StatusEntry,
  { issuer, statusUrl, keys, now, deadlineMs }: ListsExpectation,
): Promise<Uint8Array> {
  if (!isOwnList(statusUrl, entry.name))
    throw new DomainError('head_malformed', `${issuer} names the list ${entry.name}, which is not at its own address.`)
  return fetchList(fetch, entry, { issuer, keys, now, deadlineMs })
}

function assertRoom(bytes: number, { issuer, limits }: ListsExpectation): void {
  if (bytes > limits.bytes)
    throw new DomainError(
      'status_too_large',
      `The status lists of ${issuer} have more than the ${limits.bytes} bytes that are kept here.`,
    )
}
