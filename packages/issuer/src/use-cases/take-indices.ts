import { permuteIndex, type StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import { type ListContext, openListsBeforeFull, PURPOSES } from './open-lists.ts'
import { type PublishContext, publishHeads } from './publish-heads.ts'

/** Counters set aside at a time: a process that ends leaves at most as many of each list unused. */
const RESERVED_AT_ONCE = 64

/** A place in a list that no other credential has, or ever will have. */
export interface TakenIndex {
  list: string
  position: { list: string; index: number }
}

type IndexContext = ListContext & PublishContext & Pick<Context, 'secrets' | 'reserve' | 'reserving'>

/** One place for each purpose, out of the counters that are set aside; more of them are taken first when there are none. */
export async function takeIndices(ctx: IndexContext): Promise<Record<StatusPurpose, TakenIndex>> {
  ctx.identity.assertMaySign() // indices of an older copy may be somebody's already
  while (PURPOSES.some((purpose) => remaining(ctx, purpose) === 0)) await ctx.reserving.run(() => setAside(ctx))
  const [revocation, suspension] = PURPOSES.map((purpose) => {
    const range = ctx.reserve.get(purpose)!
    return { list: range.list, url: range.url, counter: range.next++ }
  })
  return { revocation: await place(ctx, revocation!), suspension: await place(ctx, suspension!) }
}

function remaining({ reserve }: Pick<Context, 'reserve'>, purpose: StatusPurpose): number {
  const range = reserve.get(purpose)
  return range ? range.end - range.next : 0
}

/** The counters are gone from the list, durably, before the first of them is used. */
async function setAside(ctx: IndexContext): Promise<void> {
  const missing = PURPOSES.filter((purpose) => remaining(ctx, purpose) === 0)
  const { ranges, opened } = await ctx.store.transaction(async (tx) => {
    const taken = []
    for (const purpose of missing) taken.push(await tx.takeCounters(purpose, RESERVED_AT_ONCE))
    return { ranges: taken, opened: await openListsBeforeFull(ctx, tx, taken) }
  })
  for (const { id, url, purpose, first, nextCounter } of ranges)
    ctx.reserve.set(purpose, { list: id, url, next: first, end: nextCounter })
  if (opened) await publishHeads(ctx)
}

async function place({ secrets }: Pick<Context, 'secrets'>, taken: { list: string; url: string; counter: number }) {
  const index = permuteIndex(await secrets.secretOf(taken.list), taken.list, taken.counter)
  return { list: taken.list, position: { list: taken.url, index } }
}
