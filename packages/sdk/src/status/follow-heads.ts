import {
  type Delta,
  type DidKeys,
  DomainError,
  type ErrorCode,
  type Head,
  type Hex,
  hashHead,
  openDelta,
  openHeartbeat,
  type PublishedHead,
  type PushedHead,
  verifyHead,
} from '@consulate/core'
import { type AcceptPorts, acceptHeads, type Circumstances } from './accept-heads.ts'
import { type Clocks, evidenceAge } from './evidence-age.ts'
import { fetchChanged } from './fetch-changed.ts'
import { fetchHead } from './fetch-head.ts'
import { fetchHeads } from './fetch-heads.ts'
import {
  fromSnapshot,
  type IssuerMemory,
  type MemoryStore,
  type PushedRevocations,
  toSnapshot,
} from './issuer-memory.ts'
import { bitsAfter, entriesWith, listsUnchanged } from './known-lists.ts'
import type { HeardHead } from './merge-events.ts'
import { isBefore, isSame } from './place.ts'
import { addDelta, addListed, withoutListed } from './pushed-revocations.ts'
import type { StatusLimits } from './status-limits.ts'
import { isOwnList } from './status-urls.ts'
import { unanchoredHeads } from './unanchored-heads.ts'

export interface HeadsOptions extends Clocks, Omit<AcceptPorts, 'headsAfter'> {
  identity: Hex
  statusUrl: string
  fetch: typeof globalThis.fetch
  limits: StatusLimits
  deadlineMs: number
  memory: MemoryStore
  /** The issuer's keys; throws while they are not known. */
  keys(): DidKeys
}

/** Bits of lists that need not be fetched. */
type Given = ReadonlyMap<string, Uint8Array>

const MOVED_ON = new Set<ErrorCode>(['status_list_mismatch'])

/** Keeps the newest head of one issuer and its lists, each verified before it takes the place of the one before. */
export function followHeads(options: HeadsOptions) {
  const { issuer, identity, domain, statusUrl, fetch, limits, deadlineMs, memory, monotonicMs, nowMs } = options
  const headsAfter = (head: Head) => fetchHeads(fetch, statusUrl, head, { issuer, deadlineMs })
  const { accept, link, newerOnChain } = acceptHeads({ ...options, headsAfter })
  const unanchored = unanchoredHeads(nowMs)
  const age = evidenceAge(options)
  let known: IssuerMemory | undefined
  let revoked: PushedRevocations = new Map()

  /** Whether a head is old news by now, since another one has arrived while it was looked at. */
  const isOvertaken = (before: IssuerMemory | undefined, head: Head) =>
    known !== undefined && known !== before && !isBefore(known.head, head)

  const remember = async (next: IssuerMemory) => memory.save(issuer, toSnapshot(next, revoked), next.head)

  const listsAfter = (before: IssuerMemory | undefined, { head, entries }: PublishedHead, given: Given) => {
    const lists = before?.lists ?? new Map()
    const follows = before && before.head.epoch < head.epoch ? listsUnchanged(lists, entries) : lists
    const now = Math.floor(nowMs() / 1000)
    const expected = { issuer, statusUrl, keys: options.keys(), limits, now, deadlineMs }
    return fetchChanged(fetch, entries, follows, given, expected)
  }

  /** Takes a head over all its lists. */
  const adopt = async (
    published: PublishedHead,
    circumstances: Circumstances = {},
    given: Given = new Map(),
  ): Promise<void> => {
    const before = known
    const { head, signer, signature } = published
    verifyHead(published, { issuer: identity, domain })
    await options.assertDelegate(signer)
    if (isOvertaken(before, head)) return
    await accept(before, published, Math.floor(nowMs() / 1000), circumstances)
    if (before && isSame(before.head, head)) return
    const lists = await listsAfter(before, published, given)
    const next = { head, signer, signature, lists }
    if (before && before.head.epoch < head.epoch) revoked = addListed(revoked, before.lists)
    await remember(next)
    if (isOvertaken(before, head)) return
    if (known !== before) return adopt(published, circumstances, given)
    known = next
    revoked = withoutListed(revoked, lists)
    unanchored.add([...(circumstances.passed ?? []), published].map((signed) => signed.head))
  }

  /**
   * True when the heartbeat says that the head which is known is the newest, false when it is of an older one, or when the
   * issuer had signed a newer one by then, which the chain has.
   */
  const takeHeartbeat = (token: string, receivedAt = monotonicMs()): boolean => {
    const { epoch, version, head, readAt } = openHeartbeat(token, options.keys(), nowMs())
    if (!known || version > known.head.version || epoch > known.head.epoch)
      throw new DomainError('status_unavailable', `${issuer} has head ${version}, which has not arrived.`)
    if (version < known.head.version || epoch < known.head.epoch) return false
    if (head !== hashHead(known.head))
      throw new DomainError('status_rollback', `${issuer} speaks of another head ${version} than the one it showed.`)
    const newer = newerOnChain(known.head)
    if (newer && readAt >= (newer.head.issuedAt + 1) * 1000) return false
    age.believe(readAt, receivedAt)
    return true
  }

  const fetchNewest = async (attempts: number): Promise<void> => {
    const before = known
    const asked = options.anchored()
    const receivedAt = monotonicMs()
    const published = await fetchHead(fetch, statusUrl, { issuer, limits, deadlineMs })
    if (isOvertaken(before, published.head)) return
    try {
      await adopt(published, { asked })
    } catch (error) {
      // A list may have moved on between the head and itself.
      if (attempts <= 1 || !(error instanceof DomainError) || !MOVED_ON.has(error.code)) throw error
      return fetchNewest(attempts - 1)
    }
    if (published.heartbeat !== undefined) takeHeartbeat(published.heartbeat, receivedAt)
    else age.believe(published.head.issuedAt * 1000, receivedAt)
  }

  return {
    async load(): Promise<void> {
      if (known) return
      const snapshot = await memory.load(issuer)
      if (snapshot === undefined) return
      ;({ known, revoked } = fromSnapshot(snapshot))
      unanchored.add([known.head])
    },
    fetchNewest: () => fetchNewest(5),
    takeSnapshot: (published: PublishedHead) => adopt(published),
    takeHeartbeat: (token: string) => takeHeartbeat(token),
    /** Revocations count at once and for good, whatever becomes of the head that they came with. */
    takeDeltas(pushed: PushedHead): Delta[] {
      const entries = entriesWith(known?.lists, pushed.entries)
      const deltas = pushed.deltas.map((token) => openDelta(token, options.keys()))
      for (const delta of deltas)
        if (entries.get(delta.list)?.purpose === 'revocation' && isOwnList(statusUrl, delta.list))
          revoked = addDelta(revoked, delta, known?.lists.get(delta.list))
      return deltas
    },
    /** Takes a head over the lists that changed, with the deltas that were taken of it. */
    async takePushed({ pushed, deltas, passed }: Omit<HeardHead, 'type'>): Promise<void> {
      const { head, signature, signer, entries: changed } = pushed
      if (known && isSame(known.head, head)) return link(known, pushed)
      if (known && !isBefore(known.head, head)) return
      const entries = [...entriesWith(known?.lists, changed).values()]
      try {
        await adopt({ head, signature, signer, entries }, { passed }, bitsAfter(known?.lists, changed, deltas))
      } catch (error) {
        if (known && revoked.size > 0) await remember(known)
        throw error
      }
    },
    get known() {
      return known
    },
    get revoked() {
      return revoked
    },
    anchoredUpTo: unanchored.anchoredUpTo,
    unanchoredMs: unanchored.oldestMs,
    ageMs: age.ageMs,
  }
}
