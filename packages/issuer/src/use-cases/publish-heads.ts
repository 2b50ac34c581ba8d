import type { Hex } from '@consulate/core'
import type { Context } from '../context.ts'
import type { SignedHead } from '../ports.ts'
import type { StoredKill } from '../records.ts'
import { type PushContext, pushStatus } from './push-status.ts'

export type PublishContext = Pick<Context, 'publishing' | 'logger'> & PushContext

const AT_ONCE = 500

/** Signs every committed head and kill that has no signature yet, and keeps the signatures. */
export async function publishHeads(ctx: PublishContext): Promise<void> {
  await ctx.publishing.run(() => signCommitted(ctx))
}

/** What was committed, and nothing else, is signed, and signed once; however much it is, a part of it at a time. */
async function signCommitted(ctx: PublishContext): Promise<void> {
  const { store, identity, newestHead } = ctx
  const heads = await store.unsignedHeads(AT_ONCE)
  const kills = await store.unsignedKills(AT_ONCE)
  if (heads.length + kills.length === 0) return
  const signedHeads: SignedHead[] = []
  for (const head of heads) signedHeads.push({ ...head, ...(await identity.signHead(head)) })
  const signedKills: (StoredKill & { signer: Hex; signature: Hex })[] = []
  for (const kill of kills) signedKills.push({ ...kill, ...(await identity.signKill(kill)) })
  await store.transaction(async (tx) => {
    for (const head of signedHeads) await tx.saveHeadSignature(head, head.signer, head.signature)
    for (const kill of signedKills) await tx.saveKillSignature(kill.id, kill.signer, kill.signature)
  })
  newestHead.forget()
  // Who waits for the signature does not wait for those who follow.
  void pushStatus(ctx).catch((err) => ctx.logger.warn({ err }, 'a head was not pushed'))
  if (heads.length === AT_ONCE || kills.length === AT_ONCE) await signCommitted(ctx)
}
