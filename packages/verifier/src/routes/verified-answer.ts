import { constraintsSchema } from '@consulate/core'
import { z } from 'zod'

export const verifiedAnswer = z.strictObject({
  verified: z.literal(true),
  roles: z.array(
    z.strictObject({
      role: z.string(),
      issuer: z.string(),
      operator: z.string(),
      constraints: constraintsSchema,
      credentialId: z.string(),
      validUntil: z.string(),
    }),
  ),
  status: z.strictObject({
    headVersion: z.int(),
    ageMs: z.number(),
    anchored: z.boolean(),
    anchorLagMs: z.number(),
    chainAgeMs: z.number(),
  }),
})
