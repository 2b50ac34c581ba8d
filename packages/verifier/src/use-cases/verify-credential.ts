import { type VerifiedRoles, verifyCredential } from '@consulate/core'
import type { Context } from '../context.ts'
import { countVerification } from './count-verification.ts'

/** Decides about a credential, without a holder; throws the reason for a refusal. */
export function verifyAlone(ctx: Pick<Context, 'evidence' | 'metrics'>, token: string): Promise<VerifiedRoles> {
  return countVerification(ctx, 'credential', () => verifyCredential(ctx.evidence, token))
}
