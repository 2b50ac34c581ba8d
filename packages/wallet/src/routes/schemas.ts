import { canonicalDid, DomainError, roleNameSchema } from '@consulate/core'
import { z } from 'zod'
import type { WalletAgent } from '../records.ts'

export const agentParams = z.strictObject({ did: z.string().max(512).transform(canonicalDid) })

export const credentialParams = agentParams.extend({ id: z.string().max(256) })

export const rolesSchema = z.array(roleNameSchema).min(1).max(8)

export const heldAnswer = z.strictObject({
  id: z.string(),
  role: z.string(),
  issuer: z.string(),
  validUntil: z.string(),
})

/** An agent's token opens only its own DID; for any other there is nothing there. */
export function own(agent: WalletAgent, did: string): string {
  if (agent.did !== did) throw new DomainError('not_found', `There is no agent ${did} for this token.`)
  return did
}
