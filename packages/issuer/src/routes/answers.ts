import { z } from 'zod'

export const anchorStateAnswer = z.enum(['pending', 'mined', 'final'])

export const anchorAnswer = z.strictObject({
  state: anchorStateAnswer,
  txHash: z.string().optional(),
  block: z.int().optional(),
})

export const headAnswer = z.strictObject({ epoch: z.int(), version: z.int() })

export const revokedAnswer = z.strictObject({
  revoked: z.array(z.string()).meta({ description: 'ids of the credentials that this call revoked' }),
  head: headAnswer,
})

export const agentAnswer = z.strictObject({
  did: z.string(),
  killedAt: z.int().nullable().meta({ description: 'seconds since 1970' }),
  createdAt: z.int().meta({ description: 'seconds since 1970' }),
})

/** A credential or a list of any kind. */
export const securedAnswer = z
  .record(z.string(), z.json())
  .meta({ description: 'JSON, secured as the instance does it' })

export const issuedAnswer = z.strictObject({ verifiableCredential: securedAnswer })

export const credentialAnswer = z.strictObject({
  id: z.string(),
  agent: z.string(),
  role: z.string(),
  operator: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
  status: z.strictObject({ revoked: z.boolean(), suspended: z.boolean(), reason: z.string().optional() }),
  issuedBy: z.string().optional(),
  changedBy: z.string().optional(),
  lastChange: z.strictObject({ head: headAnswer, anchor: anchorAnswer }).optional(),
})
