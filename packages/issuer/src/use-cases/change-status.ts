import { bitstringDigest, decodeBitstring, encodeBitstring, type Head, withBit } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Transaction } from '../ports.ts'
import type { IssuedCredential } from '../records.ts'
import { appendHead, nextHead } from './append-head.ts'

export interface StatusChange {
  credential: IssuedCredential
  /** What becomes of it: revoked for good, suspended, or active again. */
  to: { revoked: true; reason: string | undefined } | { suspended: boolean }
}

/** Flips the bits of these credentials, by whom, and writes the head that says so, in the caller's transaction. */
export async function changeStatus(
  ctx: Pick<Context, 'clock' | 'identity'>,
  tx: Transaction,
  changes: readonly StatusChange[],
  by: string,
): Promise<Head> {
  const head = await nextHead(ctx, tx)
  for (const [list, flips] of Map.groupBy(changes.map(toFlip), (flip) => flip.list))
    await rewrite(tx, head, list, flips)
  for (const { credential, to } of changes) {
    const revoked = 'revoked' in to
    await tx.saveStatus({
      id: credential.id,
      revokedAt: revoked ? ctx.clock.now() : credential.revokedAt,
      reason: revoked ? (to.reason ?? null) : credential.reason,
      suspended: revoked ? credential.suspended : to.suspended,
      changedBy: by,
      changedEpoch: head.epoch,
      changedVersion: head.version,
    })
  }
  return appendHead(tx, head)
}

interface Flip {
  list: string
  index: number
  value: boolean
}

function toFlip({ credential, to }: StatusChange): Flip {
  return 'revoked' in to
    ? { list: credential.revocationList, index: credential.revocationIndex, value: true }
    : { list: credential.suspensionList, index: credential.suspensionIndex, value: to.suspended }
}

async function rewrite(
  tx: Transaction,
  head: Pick<Head, 'epoch' | 'version'>,
  list: string,
  flips: Flip[],
): Promise<void> {
  const last = await tx.listVersion(list)
  if (!last) throw new Error(`list ${list} has no version`)
  const bits = flips.reduce(
    (changed, { index, value }) => withBit(changed, index, value),
    decodeBitstring(last.encodedList),
  )
  await tx.addListVersion({
    list,
    version: last.version + 1,
    encodedList: encodeBitstring(bits),
    digest: bitstringDigest(bits),
    epoch: head.epoch,
    headVersion: head.version,
  })
}
