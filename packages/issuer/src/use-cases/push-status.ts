import { DELTA_TYPE, decodeBitstring, indicesSet, MAX_DELTA_INDICES } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ListChange, SignedHead } from '../ports.ts'
import type { PushedHead } from '../stream-ports.ts'

export type PushContext = Pick<Context, 'pushing' | 'store' | 'identity' | 'newestHead' | 'stream'>

/** Who has missed more heads than this is told the newest alone. */
const MOST_HEADS = 100

/** Tells those who follow every head that was signed since the last time, in order, and how fresh the newest is. */
export async function pushStatus(ctx: PushContext): Promise<void> {
  await ctx.pushing.run(async () => {
    const published = await ctx.newestHead()
    const { pushed } = ctx.stream
    const signed = pushed ? await ctx.store.signedHeadsBetween(pushed, published.head, MOST_HEADS + 1) : []
    const heads = signed.length > MOST_HEADS ? undefined : await Promise.all(signed.map((head) => describe(ctx, head)))
    ctx.stream.push({ published, heads })
  })
}

/** A head, what it changed, and the bits that it set. */
async function describe(
  { store, identity }: Pick<Context, 'store' | 'identity'>,
  { signature, signer, ...head }: SignedHead,
): Promise<PushedHead> {
  const changes = await store.changesAt(head)
  const deltas: string[] = []
  for (const change of changes) {
    const set = revocationsOf(change)
    if (set.length === 0 || set.length > MAX_DELTA_INDICES) continue
    const { epoch, version } = head
    const { name: list, version: listVersion } = change
    deltas.push(await identity.signStatement(DELTA_TYPE, { iss: identity.did, epoch, version, list, listVersion, set }))
  }
  const entries = changes.map(({ name, purpose, version, digest }) => ({ name, purpose, version, digest }))
  return { head, signature, signer, entries, deltas }
}

function revocationsOf({ purpose, encodedList, before }: ListChange): number[] {
  if (purpose !== 'revocation' || before === null) return []
  return indicesSet(decodeBitstring(before), decodeBitstring(encodedList))
}
