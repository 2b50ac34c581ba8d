import {
  excludeEachOther,
  type Head,
  type Hex,
  headDigest,
  ISSUER_KILL_TARGET,
  killDigest,
  openEpochDigest,
  recoverSigner,
} from '@consulate/core'
import type { StatusEvent } from '@consulate/registry'
import type { Block, ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import { stillStands } from '../still-stands.ts'
import type { SignedHead } from './issuer-memory.ts'

/** Cut-offs by target, in seconds since 1970. */
interface Kills {
  issuer: number
  agents: Map<string, number>
}

const MOST_BLOCKS = 5_000
const FEWEST_BLOCKS = 10
/** How far back is read again after a reorg; a chain that went back further is read from the beginning. */
const REORG_BLOCKS = 1_000

/** What is proved of one issuer, by signatures that were checked; none of it is ever forgotten. */
export interface RegistryEvidence {
  killedBefore: Kills
  /** The newest head that was ever anchored. */
  anchored: SignedHead | undefined
  /** The newest epoch that the owner of the issuer's DID has opened. */
  openedEpoch: number
  /** Two heads that exclude each other, of each epoch that has such. */
  equivocations: ReadonlyMap<number, [SignedHead, SignedHead]>
}

type EventOf<Type extends StatusEvent['type']> = Extract<StatusEvent, { type: Type }>

/**
 * Reads what the registry's logs prove of one issuer since the last time: kills signed by a `statusKill` delegate, and heads
 * signed by a `statusAnchor` delegate, of those who ever were one; epochs opened by the owner. There is nothing before the issuer's DID first changed:
 * delegates are made by such a change.
 */
export function readEvidence(settings: ChainSettings, reader: ChainReader, issuer: Hex) {
  const domain = { chainId: settings.chainId, verifyingContract: settings.statusRegistry }
  const equivocations = new Map<number, [SignedHead, SignedHead]>()
  const evidence: RegistryEvidence = {
    killedBefore: { issuer: 0, agents: new Map() },
    anchored: undefined,
    openedEpoch: 0,
    equivocations,
  }
  let first: number | undefined
  let next = 0
  let seen: Block | undefined
  let atOnce = MOST_BLOCKS

  const takeKill = async ({ kill, signer, signature }: EventOf<'killed'>) => {
    if (kill.issuer !== issuer || !isSignedBy(signer, killDigest(kill, domain), signature)) return
    if (!(await reader.wasKillDelegate(issuer, signer))) return
    const { killedBefore } = evidence
    if (kill.target === ISSUER_KILL_TARGET) killedBefore.issuer = Math.max(killedBefore.issuer, kill.cutoff)
    else killedBefore.agents.set(kill.target, Math.max(killedBefore.agents.get(kill.target) ?? 0, kill.cutoff))
  }

  const takeAnchor = async ({ head, signer, signature }: EventOf<'anchored'>) => {
    if (head.issuer !== issuer || !isLater(head, evidence.anchored?.head)) return
    if (!isSignedBy(signer, headDigest(head, domain), signature)) return
    if (await reader.wasAnchorDelegate(issuer, signer)) evidence.anchored = { head, signer, signature }
  }

  const takeOpening = async ({ opening, signer, signature }: EventOf<'epochOpened'>) => {
    if (opening.issuer !== issuer || opening.epoch <= evidence.openedEpoch) return
    if (!isSignedBy(signer, openEpochDigest(opening, domain), signature)) return
    if (await reader.isOwner(issuer, signer)) evidence.openedEpoch = opening.epoch
  }

  const isOnceSigned = async ({ head, signer, signature }: SignedHead) =>
    head.issuer === issuer &&
    isSignedBy(signer, headDigest(head, domain), signature) &&
    (await reader.wasAnchorDelegate(issuer, signer))

  const takeEquivocation = async ({ heads }: EventOf<'equivocated'>) => {
    const [one, other] = heads
    if (equivocations.has(one.head.epoch) || !excludeEachOther(one.head, other.head)) return
    if ((await isOnceSigned(one)) && (await isOnceSigned(other))) equivocations.set(one.head.epoch, heads)
  }

  const read = async (fromBlock: number, toBlock: number) => {
    const events = await reader.statusEvents(issuer, { fromBlock, toBlock })
    for (const event of events) if (event.type === 'killed') await takeKill(event)
    for (const event of events) if (event.type === 'epochOpened') await takeOpening(event)
    for (const event of events) if (event.type === 'equivocated') await takeEquivocation(event)
    // The newest first: those before it need no look any more.
    for (const event of events.toReversed()) if (event.type === 'anchored') await takeAnchor(event)
  }

  /** Providers answer for a few thousand blocks at once, some for ten: after a failure the next time asks for fewer. */
  const readUpTo = async (newest: number) => {
    while (next <= newest) {
      const toBlock = Math.min(next + atOnce - 1, newest)
      const asked = toBlock - next + 1
      atOnce = Math.max(Math.floor(asked / 2), FEWEST_BLOCKS)
      await read(next, toBlock)
      atOnce = Math.min(asked * 2, MOST_BLOCKS)
      next = toBlock + 1
    }
  }

  const goBackAfterReorg = async (newest: Block) => {
    if (!seen || (await stillStands(reader, seen, newest))) return
    const isShort = newest.number > seen.number - REORG_BLOCKS
    next = isShort ? Math.max(seen.number - REORG_BLOCKS, first ?? 0) : 0
    if (!isShort) first = undefined
    seen = undefined
  }

  return async (newest: Block): Promise<RegistryEvidence> => {
    await goBackAfterReorg(newest)
    first ??= await reader.firstChange(issuer)
    if (first === undefined) return evidence
    next = Math.max(next, first)
    await readUpTo(newest.number)
    seen = newest
    return evidence
  }
}

function isSignedBy(signer: Hex, digest: Hex, signature: Hex): boolean {
  try {
    return recoverSigner(digest, signature) === signer
  } catch {
    return false
  }
}

function isLater(head: Head, than: Head | undefined): boolean {
  if (!than) return true
  return head.epoch === than.epoch ? head.version > than.version : head.epoch > than.epoch
}
