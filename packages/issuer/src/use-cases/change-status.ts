import { bitstringDigest, decodeBitstring, encodeBitstring, type Head, withBit } from '@consulate/core'
import type { Context } from '../context.ts'
import type { StatusPlace, Transaction } from '../ports.ts'
import { appendHead, nextHead } from './append-head.ts'

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
  const flips = credentials.map((credential) => toFlip(credential, to))
  for (const [list, ofList] of Map.groupBy(flips, (flip) => flip.list)) await rewrite(tx, head, list, ofList)
  const change =
    'revoked' in to ? { revokedAt: ctx.clock.now(), reason: to.reason ?? null } : { suspended: to.suspended }
  const changed = { changedBy: by, changedEpoch: head.epoch, changedVersion: head.version }
  await tx.saveStatus(
    credentials.map(({ id }) => id),
    { ...change, ...changed },
  )
  return appendHead(tx, head)
}

interface Flip {
  list: string
  index: number
  value: boolean
}

function toFlip(credential: StatusPlace, to: StatusChange): Flip {
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
