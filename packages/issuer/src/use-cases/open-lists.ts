import { bitstringDigest, emptyBitstring, encodeBitstring, LIST_BITS, type StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Transaction } from '../ports.ts'
import type { NextHead, StatusList } from '../records.ts'
import { appendHead, nextHead } from './append-head.ts'

export const PURPOSES = ['revocation', 'suspension'] as const satisfies StatusPurpose[]

/** Used-up indices at which the next list opens, so that every verifier knows it long before it is needed. */
const OPEN_NEXT_AT = Math.floor(LIST_BITS * 0.6)

/** Used-up indices at which a list closes: full enough, and yet most of its herd is still unrevoked. */
export const CLOSE_AT = Math.floor(LIST_BITS * 0.7)

export type ListContext = Pick<Context, 'clock' | 'random' | 'config' | 'identity'>

/** Sees to it that there is an open list for each purpose; the head that names it is then to be signed. */
export async function ensureOpenLists(ctx: ListContext & Pick<Context, 'store'>): Promise<void> {
  await ctx.store.transaction(async (tx) => {
    await tx.lockHeads()
    const missing: StatusPurpose[] = []
    for (const purpose of PURPOSES) if ((await tx.countOpenLists(purpose)) === 0) missing.push(purpose)
    await openLists(ctx, tx, missing)
  })
}

/**
 * Opens the next list while these, whose counters were just taken, still have room, and closes those whose time has come.
 * True when one was opened, so that a head waits for its signature.
 */
export async function openListsBeforeFull(
  ctx: ListContext,
  tx: Transaction,
  used: readonly StatusList[],
): Promise<boolean> {
  const due: StatusPurpose[] = []
  for (const { id, purpose, nextCounter } of used) {
    if (nextCounter >= OPEN_NEXT_AT && (await tx.countOpenLists(purpose)) < 2) due.push(purpose)
    if (nextCounter >= CLOSE_AT) await tx.closeList(id)
  }
  return openLists(ctx, tx, due)
}

async function openLists(ctx: ListContext, tx: Transaction, purposes: StatusPurpose[]): Promise<boolean> {
  if (purposes.length === 0) return false
  const head = await nextHead(ctx, tx)
  await addLists(ctx, tx, purposes, head)
  await appendHead(tx, head)
  return true
}

/** Adds an empty list for each purpose, which this head is the first to name. */
export async function addLists(
  ctx: Pick<ListContext, 'clock' | 'random' | 'config'>,
  tx: Transaction,
  purposes: readonly StatusPurpose[],
  head: NextHead,
): Promise<void> {
  for (const purpose of purposes) {
    const id = ctx.random.uuid()
    const url = `${ctx.config.publicUrl}/status-lists/${id}`
    await tx.addList({ id, url, purpose, open: true, nextCounter: 0, createdAt: ctx.clock.now() })
    await tx.addListVersion({ list: id, version: 1, ...EMPTY, epoch: head.epoch, headVersion: head.version })
  }
}

const EMPTY = { encodedList: encodeBitstring(emptyBitstring()), digest: bitstringDigest(emptyBitstring()) }
