import { type Head, hashHead, headRoot } from '@consulate/core'
import type { Clock, IssuerIdentity, Transaction } from '../ports.ts'
import type { NextHead } from '../records.ts'

const NO_HEAD = `0x${'0'.repeat(64)}` as const

/** Seconds; the head is renewed when half of them are over. */
const HEAD_VALIDITY = 86_400

export interface HeadContext {
  clock: Clock
  identity: IssuerIdentity
}

/**
 * What the head that this transaction writes will say, but for its root: the lists change first. Whoever writes the next
 * head waits until this transaction has ended. Throws `issuer_behind`.
 */
export async function nextHead({ clock, identity }: HeadContext, tx: Transaction): Promise<NextHead> {
  identity.assertMaySign()
  return headToCome({ clock, identity }, tx)
}

/** The same, of a head that may not be written after all. */
export async function headToCome({ clock, identity }: HeadContext, tx: Transaction): Promise<NextHead> {
  await tx.lockHeads()
  const last = await tx.lastHead()
  const first = firstHead({ clock, identity }, last?.epoch ?? 0, last)
  return last ? { ...first, version: last.version + 1, prev: hashHead(last) } : first
}

/** The same of the first head of an epoch, which follows no other; it is not earlier than the last one of before. */
export function firstHead(
  { clock, identity }: HeadContext,
  epoch: number,
  last: Pick<Head, 'issuedAt'> | undefined,
): NextHead {
  const issuedAt = Math.max(clock.now(), last?.issuedAt ?? 0)
  return { issuer: identity.address, epoch, version: 1, prev: NO_HEAD, issuedAt, validUntil: issuedAt + HEAD_VALIDITY }
}

/** Writes the head over all lists as they now stand in this transaction. It is signed after the commit. */
export async function appendHead(tx: Transaction, next: NextHead): Promise<Head> {
  const head = { ...next, root: headRoot(await tx.entriesAt(next)) }
  await tx.addHead(head)
  return head
}
