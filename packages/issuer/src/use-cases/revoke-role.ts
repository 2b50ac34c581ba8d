import { CLOCK_SKEW, DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import type { StatusPlace, Transaction } from '../ports.ts'
import type { HeadName, SharedHead } from '../records.ts'
import { changeStatus } from './change-status.ts'
import { toldBy } from './change-together.ts'
import { type PublishContext, publishHeads } from './publish-heads.ts'

export type RevokeContext = PublishContext & Pick<Context, 'changeTogether' | 'clock' | 'metrics'>

export interface Revoked {
  /** Ids of the credentials that this call revoked. */
  revoked: string[]
  /** The head that says so; the newest one when there was nothing left to revoke. */
  head: HeadName
}

/**
 * Takes one role from one agent: every credential of it that has not ended is revoked in one commit, and the head that
 * says so is signed.
 * Repeating the call changes nothing. Throws `role_not_held` when the agent never had the role.
 */
export async function revokeRole(
  ctx: RevokeContext,
  input: { agent: string; role: string; reason: string | undefined; by: string },
): Promise<Revoked> {
  const { agent, role, reason, by } = input
  const { value: revoked, replayed } = await ctx.changeTogether(async (tx, head) => {
    await tx.lockAgent(agent, ctx.clock.now())
    if (!(await tx.everHeld(agent, role)))
      throw new DomainError('role_not_held', `${agent} was never granted the role ${role}; look at GET /agents/:did.`)
    const credentials = await unexpired(ctx, tx, agent, role)
    return revokeAll(ctx, tx, head, credentials, { reason, by })
  })
  if (!replayed) ctx.metrics.revoked(revoked.revoked.length)
  await publishHeads(ctx)
  return revoked
}

/** What some verifier's clock may still let pass, revoked or not; what has ended for all of them needs no bit. */
export function unexpired({ clock }: Pick<Context, 'clock'>, tx: Transaction, agent: string, role?: string) {
  return tx.unexpiredOf(agent, role, clock.now() - CLOCK_SKEW)
}

/** Revokes those of the credentials that are not revoked yet, in the caller's transaction. */
export async function revokeAll(
  ctx: Pick<Context, 'clock' | 'identity'>,
  tx: Transaction,
  head: SharedHead,
  credentials: readonly StatusPlace[],
  { reason, by }: { reason: string | undefined; by: string },
): Promise<Revoked> {
  const active = credentials.filter((credential) => credential.revokedAt === null)
  if (active.length > 0) await changeStatus(ctx, tx, head, active, { revoked: true, reason }, by)
  return { revoked: active.map(({ id }) => id), head: toldBy(head) }
}
