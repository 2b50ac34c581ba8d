import type { Context } from '../context.ts'
import { DEFAULT_INSTANCE } from '../instances.ts'
import { type CredentialReport, readCredential } from './read-credential.ts'
import { readIssued } from './read-issued.ts'

/** What the issuer issued as itself: its record of a role, or a credential of another kind. Throws `credential_unknown`. */
export async function readOwnCredential(
  ctx: Pick<Context, 'store' | 'instances' | 'instanceStore'>,
  id: string,
): Promise<CredentialReport | { verifiableCredential: Record<string, unknown> }> {
  if (await ctx.instanceStore.findCredential(DEFAULT_INSTANCE, id))
    return { verifiableCredential: await readIssued(ctx, DEFAULT_INSTANCE, id) }
  return readCredential(ctx, id)
}
