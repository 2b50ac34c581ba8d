import {
  checkCredentialPeriod,
  DomainError,
  type OpenedCredential,
  openRoleCredential,
  verifyCredentialSignature,
} from '@consulate/core'
import type { Context } from '../context.ts'
import type { StoredCredential } from '../records.ts'
import { unknownAgent } from './forget-agent.ts'

/** The credential itself is kept in its place alone, so that forgetting it there is forgetting it. */
export type KeptCredential = Pick<StoredCredential, 'id' | 'role' | 'issuer' | 'validUntil'>

/**
 * Keeps a credential for an agent once its signature, its period and its subject are right.
 * Throws `subject_mismatch` when it was issued to somebody else, `agent_unknown` when the agent was forgotten meanwhile, or the code of what else is wrong with it.
 */
export async function storeCredential(
  ctx: Pick<Context, 'store' | 'resolver' | 'clock'>,
  input: { agent: string; token: string },
): Promise<KeptCredential> {
  const { value } = await ctx.store.once(
    async (credential) => {
      if (!(await ctx.store.addCredential(credential))) throw unknownAgent(credential.agent)
      const { id, role, issuer, validUntil } = credential
      return { id, role, issuer, validUntil }
    },
    () => check(ctx, input),
  )
  return value
}

async function check(
  ctx: Pick<Context, 'resolver' | 'clock'>,
  input: { agent: string; token: string },
): Promise<StoredCredential> {
  const opened = openRoleCredential(input.token)
  checkSubject(opened, input.agent)
  checkCredentialPeriod(opened, ctx.clock.now())
  verifyCredentialSignature(opened, await ctx.resolver.resolveKeys(opened.credential.issuer))
  const { id, issuer, credentialSubject } = opened.credential
  return {
    id,
    agent: input.agent,
    issuer,
    role: credentialSubject.role,
    validUntil: opened.validUntil,
    token: input.token,
    storedAt: ctx.clock.now(),
  }
}

function checkSubject({ credential }: OpenedCredential, agent: string): void {
  if (credential.credentialSubject.id !== agent)
    throw new DomainError('subject_mismatch', `The credential was issued to another agent than ${agent}.`)
}
