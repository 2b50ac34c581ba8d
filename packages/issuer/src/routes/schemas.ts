import { canonicalDid, DomainError, parseDateTime, roleNameSchema } from '@consulate/core'
import { z } from 'zod'

export const agentParams = z.strictObject({ did: z.string().max(512).transform(canonicalDid) })

export const agentRoleParams = agentParams.extend({ role: roleNameSchema })

export const roleParams = z.strictObject({ role: roleNameSchema })

/** Why something is revoked, for the issuer's records. */
export const reasonQuery = z.strictObject({ reason: z.string().max(256).optional() })

export const credentialIdSchema = z.string().min(1).max(2048)

/** VCALM §3.2.1. */
export const issueBody = z.strictObject({
  credential: z.record(z.string(), z.json()),
  options: z.strictObject({ credentialId: credentialIdSchema.optional() }).optional(),
})

export const idParams = z.strictObject({ id: z.string().min(1).max(128) })

/** Bitstring Status List §3.2. */
export const timestampQuery = z.strictObject({ timestamp: z.string().max(64).transform(timeOf).optional() })

function timeOf(timestamp: string): number {
  try {
    return parseDateTime(timestamp)
  } catch (cause) {
    throw new DomainError('status_unavailable', `The timestamp is refused: ${(cause as Error).message}`, { cause })
  }
}
