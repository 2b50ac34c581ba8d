import type { Context } from '../context.ts'

export type TrustContext = Pick<Context, 'store' | 'trust' | 'follower' | 'reloading'>

/** Takes over the trust list as it now stands on disk, whoever changed it. */
export function reloadTrust(ctx: TrustContext): Promise<void> {
  return ctx.reloading.run(() => takeOver(ctx))
}

async function takeOver({ store, trust, follower }: TrustContext): Promise<void> {
  const stored = await store.listTrust()
  const kept = new Set(stored.map(({ did }) => did))
  for (const { did } of trust.all()) {
    if (kept.has(did)) continue
    trust.remove(did)
    await follower.unfollow(did)
  }
  for (const trusted of stored) {
    trust.set(trusted)
    follower.follow(trusted)
  }
}
