import { canonicalDid, DomainError } from '@consulate/core'
import { cryptosuiteSchema } from '@consulate/core/data-integrity'
import { z } from 'zod'

/** The issuer itself, which is there without a file. */
export const DEFAULT_INSTANCE = 'default'

const nameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name has lower-case letters, digits and hyphens')
  .refine((name) => name !== DEFAULT_INSTANCE, `${DEFAULT_INSTANCE} is the issuer itself; choose another name`)

const webDidSchema = z.string().superRefine((did, ctx) => {
  try {
    canonicalDid(did)
    if (!did.startsWith('did:web:')) ctx.addIssue('expected "key", "ethr", or a did:web')
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    ctx.addIssue(error.message)
  }
})

const instanceSchema = z.strictObject({
  /** `key`: the did:key of a key that is made at the first start. `ethr`: a did:ethr of its own, on the configured chain. A did:web, whose document is served here. */
  did: z.literal(['key', 'ethr']).or(webDidSchema),
  securing: z.enum([...cryptosuiteSchema.options, 'vc+jwt']),
  /** Lists in which every credential gets an entry, after those that its caller gave it. */
  status: z
    .array(z.enum(['revocation', 'suspension']))
    .refine((purposes) => new Set(purposes).size === purposes.length, 'names a purpose twice')
    .default(['revocation', 'suspension']),
  /** Whether it signs what says that somebody else issued it, which nobody will verify: for tests of interoperability. */
  foreignIssuers: z.boolean().default(false),
})

export type IssuerInstance = z.infer<typeof instanceSchema>

export type IssuerInstances = Record<string, IssuerInstance>

/** This service's part of the instances file; the other part is another service's to check. */
export const instancesSchema = z
  .strictObject({ issuers: z.record(nameSchema, instanceSchema).default({}), verifiers: z.unknown().optional() })
  .transform(({ issuers }): IssuerInstances => issuers)
