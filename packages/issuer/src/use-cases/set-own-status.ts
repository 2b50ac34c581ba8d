import type { StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import { DEFAULT_INSTANCE } from '../instances.ts'
import type { HeadName } from '../records.ts'
import type { RevokeContext } from './revoke-role.ts'
import { setCredentialStatus } from './set-credential-status.ts'
import { setIssuedStatus } from './set-issued-status.ts'

/**
 * Sets or lifts the status of what the issuer issued as itself: of a role, which a head then tells, or of a credential of
 * another kind, which is in no head. Throws `credential_unknown`, `revocation_is_final`.
 */
export async function setOwnStatus(
  ctx: RevokeContext & Pick<Context, 'instances' | 'instanceStore'>,
  input: { credentialId: string; purpose: StatusPurpose; status: boolean; by: string },
): Promise<{ head?: HeadName }> {
  const isRole = !(await ctx.instanceStore.findCredential(DEFAULT_INSTANCE, input.credentialId))
  if (isRole) return { head: await setCredentialStatus(ctx, input) }
  await setIssuedStatus(ctx, { instance: DEFAULT_INSTANCE, ...input })
  return {}
}
