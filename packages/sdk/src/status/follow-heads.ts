import {
  bitstringDigest,
  checkHeadExpiry,
  checkSuccessor,
  type Delta,
  type DidKeys,
  DomainError,
  type ErrorCode,
  emptyBitstring,
  type Head,
  type Hex,
  hashHead,
  headDigest,
  openDelta,
  openHeartbeat,
  type PublishedHead,
  type PushedHead,
  type RegistryDomain,
  recoverSigner,
  type StatusEntry,
  verifyHead,
  withBits,
} from '@consulate/core'
import { fetchChanged } from './fetch-changed.ts'
import { fetchHead } from './fetch-head.ts'
import { fetchHeads } from './fetch-heads.ts'
import {
  fromSnapshot,
  type IssuerMemory,
  type KnownList,
  type MemoryStore,
  type PushedRevocations,
  type RememberedHead,
  type SignedHead,
  toSnapshot,
} from './issuer-memory.ts'
import { linkHeads } from './link-heads.ts'
import type { HeardHead } from './merge-events.ts'
import { addDelta, addListed, withoutListed } from './pushed-revocations.ts'
import type { StatusLimits } from './status-limits.ts'
import { isOwnList } from './status-urls.ts'

export interface HeadsOptions {
  issuer: string
  identity: Hex
  domain: RegistryDomain
  statusUrl: string
  fetch: typeof globalThis.fetch
  limits: StatusLimits
  deadlineMs: number
  memory: MemoryStore
  /** Milliseconds since 1970. */
  nowMs(): number
  monotonicMs(): number
  /** The issuer's keys; throws while they are not known. */
  keys(): DidKeys
  /** Throws `head_signer_not_authorized`. */
  assertDelegate(signer: Hex): Promise<void>
  /** The newest head that the chain proves. */
  anchored(): SignedHead | undefined
  /** The newest epoch that it proves. */
  openedEpoch(): number
  convict(one: RememberedHead, other: SignedHead): Promise<void>
}

/** Where a head stands in the order of heads. */
type Place = Pick<Head, 'epoch' | 'version'>

/** What is at hand when a head is taken. */
interface Reasons {
  /** Bits of lists that need not be fetched. */
  given?: ReadonlyMap<string, Uint8Array>
  /** Heads that lead to it. */
  passed?: readonly SignedHead[]
  /** What the chain had when the issuer was asked for its newest head. */
  asked?: SignedHead | undefined
}

/** Of those that wait for the chain so many are remembered, the oldest ones. */
const MOST_WAITING = 10_000

const MOVED_ON = new Set<ErrorCode>(['status_list_mismatch'])

/** Keeps the newest head of one issuer and its lists, each verified before it takes the place of the one before. */
export function followHeads(options: HeadsOptions) {
  const { issuer, identity, domain, statusUrl, fetch, limits, deadlineMs, memory, monotonicMs, nowMs } = options
  let known: IssuerMemory | undefined
  let revoked: PushedRevocations = new Map()
  let waiting: Pick<Head, 'epoch' | 'version' | 'issuedAt'>[] = []
  let fresh: { readAt: number; receivedAt: number } | undefined

  const seconds = () => Math.floor(nowMs() / 1000)

  const assertSigned = async ({ head, signer, signature }: SignedHead) => {
    if (recoverSigner(headDigest(head, domain), signature) !== signer)
      throw new DomainError('head_signer_not_authorized', `The head was not signed by ${signer}, whom it names.`)
    await options.assertDelegate(signer)
  }
  const { openedEpoch, convict } = options

  const link = (before: RememberedHead, next: SignedHead, passed: readonly SignedHead[]) => {
    const between = async (after: Head) => {
      const shown = passed.filter(({ head }) => isBefore(after, head))
      const isNext = shown[0]?.head.version === after.version + 1
      return isNext ? shown : fetchHeads(fetch, statusUrl, after, { issuer, deadlineMs })
    }
    return linkHeads({ issuer, openedEpoch, between, assertSigned, convict }, before, next)
  }

  const assertOpened = ({ epoch }: Head) => {
    if (epoch < openedEpoch())
      throw new DomainError(
        'status_rollback',
        `${issuer} shows a head of epoch ${epoch}, and has opened epoch ${openedEpoch()}.`,
      )
  }

  /** What the chain has that is newer: a head that was on its way may be older, which is no step back. */
  const newerOnChain = (head: Head) => {
    const anchored = options.anchored()
    return anchored && isBefore(head, anchored.head) ? anchored : undefined
  }

  /** Whether a head that its issuer signed follows from all that is known, at least up to what the chain had when it was asked. */
  const accept = async (signed: SignedHead, { asked, passed = [] }: Reasons) => {
    assertOpened(signed.head)
    if (known) await link(known, signed, passed)
    const anchored = newerOnChain(signed.head) ? asked : options.anchored()
    if (anchored) {
      try {
        checkSuccessor(anchored.head, signed.head, openedEpoch())
      } catch (error) {
        if (error instanceof DomainError && error.code === 'issuer_equivocated') await convict(anchored, signed)
        throw error
      }
    }
    checkHeadExpiry(signed.head, seconds())
  }

  /** Whether a head is old news by now, since another one has arrived while it was looked at. */
  const isOvertaken = (before: IssuerMemory | undefined, head: Head) =>
    known !== undefined && known !== before && !isBefore(known.head, head)

  const remember = async (next: IssuerMemory) => memory.save(issuer, toSnapshot(next, revoked), next.head)

  /** Takes a head over all its lists. */
  const adopt = async (published: PublishedHead, reasons: Reasons = {}): Promise<void> => {
    const { given = new Map(), passed = [] } = reasons
    const before = known
    verifyHead(published, { issuer: identity, domain })
    await options.assertDelegate(published.signer)
    if (isOvertaken(before, published.head)) return
    await accept(published, reasons)
    if (before && isSame(before.head, published.head)) return
    const expected = { issuer, statusUrl, keys: options.keys(), limits, now: seconds(), deadlineMs }
    const { head, signer, signature, entries } = published
    const begins = before !== undefined && before.head.epoch < head.epoch
    const follows = begins ? listsUnchanged(before.lists, entries) : (before?.lists ?? new Map())
    const lists = await fetchChanged(fetch, entries, follows, given, expected)
    const next = { head, signer, signature, lists }
    if (begins) revoked = addListed(revoked, before.lists)
    await remember(next)
    if (isOvertaken(before, head)) return
    if (known !== before) return adopt(published, reasons)
    known = next
    revoked = withoutListed(revoked, lists)
    for (const each of [...passed.map((one) => one.head), head]) if (waiting.length < MOST_WAITING) waiting.push(each)
  }

  const believe = (readAt: number, receivedAt: number) => {
    if (!fresh || readAt >= fresh.readAt) fresh = { readAt, receivedAt }
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
    believe(readAt, receivedAt)
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
    else believe(published.head.issuedAt * 1000, receivedAt)
  }

  const entriesWith = (changed: readonly StatusEntry[]) =>
    new Map([...entriesOf(known?.lists), ...changed.map((entry) => [entry.name, entry] as const)])

  return {
    async load(): Promise<void> {
      if (known) return
      const snapshot = await memory.load(issuer)
      if (snapshot === undefined) return
      ;({ known, revoked } = fromSnapshot(snapshot))
      waiting = [known.head]
    },
    fetchNewest: () => fetchNewest(5),
    takeSnapshot: (published: PublishedHead) => adopt(published),
    takeHeartbeat: (token: string) => takeHeartbeat(token),
    /** Revocations count at once and for good, whatever becomes of the head that they came with. */
    takeDeltas(pushed: PushedHead): Delta[] {
      const entries = entriesWith(pushed.entries)
      const deltas = pushed.deltas.map((token) => openDelta(token, options.keys()))
      for (const delta of deltas)
        if (entries.get(delta.list)?.purpose === 'revocation' && isOwnList(statusUrl, delta.list))
          revoked = addDelta(revoked, delta, known?.lists.get(delta.list))
      return deltas
    },
    /** Takes a head over the lists that changed, with the deltas that were taken of it. */
    async takePushed({ pushed, deltas, passed }: Omit<HeardHead, 'type'>): Promise<void> {
      const { head, signature, signer, entries: changed } = pushed
      if (known && !isBefore(known.head, head)) return
      const given = new Map(changed.flatMap((entry) => bitsOf(entry, deltas, known?.lists.get(entry.name))))
      try {
        await adopt({ head, signature, signer, entries: [...entriesWith(changed).values()] }, { given, passed })
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
    /** The chain has this head: nothing is to be remembered of those before. */
    anchoredUpTo(place: Place): void {
      waiting = waiting.filter((head) => isBefore(place, head))
    },
    /** Milliseconds that the oldest head beyond this one, up to which the chain has them, has waited; 0 when there is none. */
    unanchoredMs(anchored: Place | undefined): number {
      const oldest = waiting.find((head) => !anchored || isBefore(anchored, head))
      return oldest ? Math.max(0, nowMs() - oldest.issuedAt * 1000) : 0
    },
    /** Milliseconds since the newest head was last known to be the newest, by both clocks; undefined when it never was. */
    ageMs: () => fresh && Math.max(nowMs() - fresh.readAt, monotonicMs() - fresh.receivedAt),
  }
}

function isSame(one: Head, other: Head): boolean {
  return one.epoch === other.epoch && one.version === other.version
}

export function isBefore(one: Place, other: Place): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.version < other.version)
}

/** What a new epoch says as the one before did: the rest may be from an older copy of the issuer's database. */
function listsUnchanged(lists: ReadonlyMap<string, KnownList>, entries: readonly StatusEntry[]) {
  const same = entries.flatMap(({ name, purpose, version, digest }): [string, KnownList][] => {
    const known = lists.get(name)
    return known?.digest === digest && known.purpose === purpose ? [[name, { ...known, version }]] : []
  })
  return new Map(same)
}

function entriesOf(lists: ReadonlyMap<string, KnownList> = new Map()): [string, StatusEntry][] {
  return [...lists].map(([name, { purpose, version, digest }]) => [name, { name, purpose, version, digest }])
}

/** The bits of a changed list when they follow from what was known and a delta, or when it is new and empty. */
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
