import { canonicalDid } from '@consulate/core'
import { z } from 'zod'

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name has lower-case letters, digits and hyphens')

const didSchema = z.string().superRefine((did, ctx) => {
  try {
    canonicalDid(did)
  } catch (error) {
    ctx.addIssue((error as Error).message)
  }
})

const instanceSchema = z.strictObject({
  /** Whose credentials count, whatever they say. */
  trust: z.union([z.literal('anyone'), z.array(didSchema).min(1)], {
    error: 'expected "anyone", or a list of DIDs of the method key, ethr or web in their canonical spelling',
  }),
  /** What a presentation has to answer: a challenge of ours, once; one that the caller chose and keeps count of; any or none. */
  challenges: z.enum(['issued', 'given', 'optional']).default('issued'),
  /** Whether a caller may leave out the status. */
  proofOnly: z.boolean().default(false),
})

export type VerifierInstance = z.infer<typeof instanceSchema>

export type VerifierInstances = Record<string, VerifierInstance>

/** This service's part of the instances file; the other part is another service's to check. */
export const instancesSchema = z
  .strictObject({ issuers: z.unknown().optional(), verifiers: z.record(nameSchema, instanceSchema).default({}) })
  .transform(({ verifiers }): VerifierInstances => verifiers)
