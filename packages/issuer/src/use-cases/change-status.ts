import { type Head, withBits } from '@consulate/core'
import type { Context } from '../context.ts'
import type { StatusPlace, Transaction } from '../ports.ts'
import { appendHead, nextHead } from './append-head.ts'
import { rewriteList } from './rewrite-list.ts'

/** What becomes of credentials: revoked for good, suspended, or active again. */
export type StatusChange = { revoked: true; reason: string | undefined } | { suspended: boolean }

/** Flips the bits of these credentials, by whom, and writes the head that says so, in the caller's transaction. */
export async function changeStatus(
  ctx: Pick<Context, 'clock' | 'identity'>,
  tx: Transaction,
  credentials: readonly StatusPlace[],
  to: StatusChange,
  by: string,
): Promise<Head> {
  const head = await nextHead(ctx, tx)
  const value = 'revoked' in to ? true : to.suspended
  const places = credentials.map((credential) => placeOf(credential, to))
  for (const [list, inList] of Map.groupBy(places, (place) => place.list)) {
    const indices = inList.map(({ index }) => index)
    await rewriteList(tx, head, list, (bits) => withBits(bits, indices, value))
  }
  const change =
    'revoked' in to ? { revokedAt: ctx.clock.now(), reason: to.reason ?? null } : { suspended: to.suspended }
  const changed = { changedBy: by, changedEpoch: head.epoch, changedVersion: head.version }
  await tx.saveStatus(
    credentials.map(({ id }) => id),
    { ...change, ...changed },
  )
  return appendHead(tx, head)
}

function placeOf(credential: StatusPlace, to: StatusChange): { list: string; index: number } {
  return 'revoked' in to
    ? { list: credential.revocationList, index: credential.revocationIndex }
    : { list: credential.suspensionList, index: credential.suspensionIndex }
}
