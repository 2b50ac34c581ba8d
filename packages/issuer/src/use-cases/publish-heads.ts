import type { Context } from '../context.ts'

export type PublishContext = Pick<Context, 'publishing' | 'store' | 'identity' | 'newestHead'>

/** Signs every committed head and kill that has no signature yet, and keeps the signatures. */
export async function publishHeads(ctx: PublishContext): Promise<void> {
  await ctx.publishing.run(() => signCommitted(ctx))
}

/** What was committed, and nothing else, is signed, and signed once. */
async function signCommitted({ store, identity, newestHead }: PublishContext): Promise<void> {
  const heads = await store.unsignedHeads()
  const kills = await store.unsignedKills()
  if (heads.length + kills.length === 0) return
  const signedHeads = await Promise.all(heads.map(async (head) => ({ head, ...(await identity.signHead(head)) })))
  const signedKills = await Promise.all(kills.map(async (kill) => ({ kill, ...(await identity.signKill(kill)) })))
  await store.transaction(async (tx) => {
    for (const { head, signer, signature } of signedHeads) await tx.saveHeadSignature(head, signer, signature)
    for (const { kill, signer, signature } of signedKills) await tx.saveKillSignature(kill.id, signer, signature)
  })
  newestHead.forget()
}
