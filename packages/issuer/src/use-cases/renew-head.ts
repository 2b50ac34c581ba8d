import type { Context } from '../context.ts'
import { appendHead, nextHead } from './append-head.ts'
import { type PublishContext, publishHeads } from './publish-heads.ts'

/** Writes a new head that says what the last one said, once half of that one's life is over. */
export async function renewHead(ctx: PublishContext & Pick<Context, 'clock'>): Promise<void> {
  const last = await ctx.store.lastHead()
  const due = (head: typeof last) => head && (head.issuedAt + head.validUntil) / 2 <= ctx.clock.now()
  if (!due(last)) return
  await ctx.store.transaction(async (tx) => {
    await tx.lockHeads()
    if (due(await tx.lastHead())) await appendHead(tx, await nextHead(ctx, tx))
  })
  await publishHeads(ctx)
}
