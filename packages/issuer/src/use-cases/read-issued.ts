import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import { instanceOf } from './instance-of.ts'
import { secureIssued } from './issue-credential.ts'

/** What an instance issued last under this id. Throws `instance_unknown`, `credential_unknown`. */
export async function readIssued(
  ctx: Pick<Context, 'instances' | 'instanceStore'>,
  name: string,
  credentialId: string,
): Promise<Record<string, unknown>> {
  const instance = instanceOf(ctx, name)
  const issued = await ctx.instanceStore.findCredential(name, credentialId)
  if (!issued) throw new DomainError('credential_unknown', `The instance ${name} issued nothing as ${credentialId}.`)
  return secureIssued(instance, issued)
}
