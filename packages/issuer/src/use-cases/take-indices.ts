import { permuteIndices, type StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import { type ListContext, openListsBeforeFull, PURPOSES } from './open-lists.ts'
import { type PublishContext, publishHeads } from './publish-heads.ts'

/** Indices set aside at a time: a process that ends leaves at most as many of each list unused. */
const RESERVED_AT_ONCE = 256

/** A place in a list that no other credential has, or ever will have. */
export interface TakenIndex {
  list: string
  position: { list: string; index: number }
}

type IndexContext = ListContext & PublishContext & Pick<Context, 'secrets' | 'reserve' | 'reserving'>

/** One place for each purpose, out of the indices that are set aside; more of them are taken first when there are none. */
export async function takeIndices(ctx: IndexContext): Promise<Record<StatusPurpose, TakenIndex>> {
  while (PURPOSES.some((purpose) => isUsedUp(ctx, purpose))) await ctx.reserving.run(() => setAside(ctx))
  return { revocation: take(ctx, 'revocation'), suspension: take(ctx, 'suspension') }
}

function isUsedUp({ reserve }: Pick<Context, 'reserve'>, purpose: StatusPurpose): boolean {
  return (reserve.get(purpose)?.indices.length ?? 0) === 0
}

/** Their counters are gone from the list, durably, before the first of them is used. */
async function setAside(ctx: IndexContext): Promise<void> {
  const missing = PURPOSES.filter((purpose) => isUsedUp(ctx, purpose))
  const { ranges, opened } = await ctx.store.transaction(async (tx) => {
    const taken = []
    for (const purpose of missing) taken.push(await tx.takeCounters(purpose, RESERVED_AT_ONCE))
    return { ranges: taken, opened: await openListsBeforeFull(ctx, tx, taken) }
  })
  for (const { id, url, purpose, first } of ranges) {
    const indices = permuteIndices(await ctx.secrets.secretOf(id), id, first, RESERVED_AT_ONCE)
    ctx.reserve.set(purpose, { list: id, url, indices })
  }
  if (opened) await publishHeads(ctx)
}

function take({ reserve }: Pick<Context, 'reserve'>, purpose: StatusPurpose): TakenIndex {
  const { list, url, indices } = reserve.get(purpose)!
  return { list, position: { list: url, index: indices.pop()! } }
}
