import type { Context } from '../context.ts'
import type { StatusPlace, Transaction } from '../ports.ts'
import type { SharedHead } from '../records.ts'

/** What becomes of credentials: revoked for good, suspended, or active again. */
export type StatusChange = { revoked: true; reason: string | undefined } | { suspended: boolean }

/** Flips the bits of these credentials, by whom, with the head that is to say so. Throws `issuer_behind`. */
export async function changeStatus(
  ctx: Pick<Context, 'clock' | 'identity'>,
  tx: Transaction,
  head: SharedHead,
  credentials: readonly StatusPlace[],
  to: StatusChange,
  by: string,
): Promise<void> {
  ctx.identity.assertMaySign()
  const value = 'revoked' in to ? true : to.suspended
  const places = credentials.map((credential) => placeOf(credential, to))
  for (const [list, inList] of Map.groupBy(places, (place) => place.list))
    head.parts.push({ list, indices: inList.map(({ index }) => index), value })
  const change =
    'revoked' in to ? { revokedAt: ctx.clock.now(), reason: to.reason ?? null } : { suspended: to.suspended }
  const { epoch, version } = head.next
  await tx.saveStatus(
    credentials.map(({ id }) => id),
    { ...change, changedBy: by, changedEpoch: epoch, changedVersion: version },
  )
}

function placeOf(credential: StatusPlace, to: StatusChange): { list: string; index: number } {
  return 'revoked' in to
    ? { list: credential.revocationList, index: credential.revocationIndex }
    : { list: credential.suspensionList, index: credential.suspensionIndex }
}
