import { CLOCK_SKEW, DomainError } from '@consulate/core'
import type { HeadName } from '../records.ts'
import { toldBy } from './change-together.ts'
import { publishHeads } from './publish-heads.ts'
import type { RevokeContext } from './revoke-role.ts'

export interface RevokedOfAll {
  role: string
  /** Credentials that this call revoked. */
  revokedCount: number
  /** The head that says so; the newest one when there was nothing left to revoke. */
  head: HeadName
}

/**
 * Takes a role from every agent: all credentials of it that have not ended are revoked in one commit, under one head. It may
 * be granted again afterwards. Throws `role_unknown`.
 */
export async function revokeRoleOfAll(
  ctx: RevokeContext,
  input: { role: string; reason: string | undefined; by: string },
): Promise<RevokedOfAll> {
  const { role, reason = null, by } = input
  const { value: revoked, replayed } = await ctx.changeTogether(async (tx, head): Promise<RevokedOfAll> => {
    if (!(await tx.findRole(role)))
      throw new DomainError('role_unknown', `There is no role ${role}, so nobody has it; look at GET /roles.`)
    ctx.identity.assertMaySign()
    await tx.holdIssuing()
    const now = ctx.clock.now()
    const { epoch: changedEpoch, version: changedVersion } = head.next
    const record = { revokedAt: now, reason, changedBy: by, changedEpoch, changedVersion }
    let revokedCount = 0
    for await (const { list, indices } of tx.saveRevocations(role, now - CLOCK_SKEW, record)) {
      head.parts.push({ list, indices, value: true })
      revokedCount += indices.length
    }
    return { role, revokedCount, head: toldBy(head) }
  })
  if (!replayed) {
    ctx.metrics.revoked(revoked.revokedCount)
    ctx.logger.warn({ by, reason, ...revoked }, 'a role was taken from every agent')
  }
  await publishHeads(ctx)
  return revoked
}
