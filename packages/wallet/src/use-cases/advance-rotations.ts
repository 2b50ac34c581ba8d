import type { Hex } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Rotation } from '../records.ts'

type RotationContext = Pick<Context, 'store' | 'keys' | 'ownership' | 'logger'>

const NO_TRANSACTION = { raw: null, hash: null, nonce: null }
const NO_BLOCK = { block: null, blockHash: null }

/**
 * One step of bringing every rotation to its end. Who controls a DID is for the chain to say, each time anew: so it does not
 * matter where an earlier step was cut off, nor whether the chain went back. Every transaction is stored before it is sent, and
 * one is under way at a time. True while something is under way.
 */
export async function advanceRotations(ctx: RotationContext): Promise<boolean> {
  const failures: unknown[] = []
  for (const rotation of await ctx.store.openRotations())
    await watch(ctx, rotation).catch((error) => failures.push(error))
  const open = await ctx.store.openRotations()
  if (!open.some(({ state }) => state === 'sent')) await sendNext(ctx, open, failures)
  if (failures.length > 0) throw failures[0]
  return open.some(({ state }) => state !== 'awaits_owner')
}

async function watch(ctx: RotationContext, rotation: Rotation): Promise<void> {
  const { did, state, owner } = rotation
  const holder = await ctx.ownership.owner(did)
  if (holder === owner) return settle(ctx, rotation)
  if (!(await ctx.keys.holds(did, holder))) {
    if (state !== 'awaits_owner')
      await move(ctx, rotation, holder, { state: 'awaits_owner', ...NO_TRANSACTION, ...NO_BLOCK })
  } else if (state === 'sent') await offer(ctx, rotation, holder)
  else if (state !== 'pending') await move(ctx, rotation, holder, { state: 'pending', ...NO_TRANSACTION, ...NO_BLOCK })
}

/** The new owner stands: from now on its key signs. It is final when a block in which it stood is. */
async function settle(ctx: RotationContext, rotation: Rotation): Promise<void> {
  const { ownership } = ctx
  const { did, state, owner, block, blockHash } = rotation
  if (state !== 'mined' || block === null || (await ownership.blockHash(block)) !== blockHash) {
    const changedIn = await ownership.lastChange(did)
    const hash = (await ownership.blockHash(changedIn)) ?? null
    await move(ctx, rotation, owner, { state: 'mined', block: changedIn, blockHash: hash })
  } else if (block <= (await ownership.finalBlock())) await move(ctx, rotation, owner, { state: 'final' })
}

/** Offers the stored transaction to the chain, again if need be; one that can no longer do its work is given up. */
async function offer(ctx: RotationContext, rotation: Rotation, holder: Hex): Promise<void> {
  const { ownership, logger } = ctx
  const why = await failureOf(ctx, rotation)
  if (why === undefined) return
  logger.warn({ hash: rotation.hash, did: rotation.did, why }, 'a rotation is prepared anew')
  const stillHolds = (await ownership.owner(rotation.did)) === holder
  if (stillHolds) await move(ctx, rotation, holder, { state: 'pending', ...NO_TRANSACTION })
}

async function failureOf({ ownership }: RotationContext, { hash, nonce, raw }: Rotation): Promise<string | undefined> {
  if (raw === null || hash === null || nonce === null) return 'nothing was signed'
  const receipt = await ownership.receipt(hash)
  if (receipt) return receipt.succeeded ? 'undone' : 'refused by the registry'
  if (nonce > (await ownership.nextNonce())) return 'nonce gap'
  const outcome = await ownership.broadcast(raw)
  return outcome === 'accepted' ? undefined : outcome
}

async function sendNext(ctx: RotationContext, open: readonly Rotation[], failures: unknown[]): Promise<void> {
  const { store, ownership } = ctx
  for (const rotation of open.filter(({ state }) => state === 'pending')) {
    try {
      const { did, owner } = rotation
      const prepared = await ownership.prepare(did, { from: await ownership.owner(did), to: owner })
      if (!(await store.moveRotation(rotation, { state: 'sent', ...prepared }))) continue
      await ownership.broadcast(prepared.raw)
      return
    } catch (error) {
      failures.push(error)
    }
  }
}

async function move(
  { store, keys }: RotationContext,
  rotation: Rotation,
  holder: Hex,
  to: Partial<Rotation>,
): Promise<void> {
  await store.transaction(async () => {
    if (await store.moveRotation(rotation, to)) await keys.use(rotation.did, holder)
  })
}
