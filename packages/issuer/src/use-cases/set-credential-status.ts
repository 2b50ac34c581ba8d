import { DomainError, type StatusPurpose } from '@consulate/core'
import type { HeadName } from '../records.ts'
import { changeStatus, type StatusChange } from './change-status.ts'
import { toldBy } from './change-together.ts'
import { publishHeads } from './publish-heads.ts'
import type { RevokeContext } from './revoke-role.ts'

/**
 * Sets or lifts the status of one credential. Setting what is set already changes nothing.
 * Throws `credential_unknown`, or `revocation_is_final` for an attempt to take a revocation back, or to change anything after it:
 * who revoked a credential stays on record.
 */
export async function setCredentialStatus(
  ctx: RevokeContext,
  input: { credentialId: string; purpose: StatusPurpose; status: boolean; by: string },
): Promise<HeadName> {
  const { value: changed, replayed } = await ctx.changeTogether(async (tx, head) => {
    const known = await tx.findCredential(input.credentialId)
    if (!known) throw unknown(input.credentialId)
    await tx.lockAgent(known.agent, ctx.clock.now())
    const credential = await tx.findCredential(input.credentialId)
    if (!credential) throw unknown(input.credentialId)
    const to = changeTo(credential.revokedAt !== null, credential.suspended, input)
    if (to) await changeStatus(ctx, tx, head, [credential], to, input.by)
    return { head: toldBy(head), revoked: to && 'revoked' in to ? 1 : 0 }
  })
  if (!replayed) ctx.metrics.revoked(changed.revoked)
  await publishHeads(ctx)
  return changed.head
}

function changeTo(
  revoked: boolean,
  suspended: boolean,
  { credentialId, purpose, status }: { credentialId: string; purpose: StatusPurpose; status: boolean },
): StatusChange | undefined {
  if (status === (purpose === 'suspension' ? suspended : revoked)) return undefined
  if (revoked)
    throw new DomainError('revocation_is_final', `${credentialId} is revoked for good; issue a new credential instead.`)
  return purpose === 'suspension' ? { suspended: status } : { revoked: true, reason: undefined }
}

function unknown(id: string): DomainError {
  return new DomainError('credential_unknown', `There is no credential ${id} here.`)
}
