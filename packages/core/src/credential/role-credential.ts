import { z } from 'zod'
import { ROLE_CREDENTIAL_CONTEXT } from './context.ts'
import { roleNameSchema } from './role-name.ts'
import { sensitivitySchema } from './sensitivity.ts'

const CONTEXT_TEXT = JSON.stringify(ROLE_CREDENTIAL_CONTEXT)

const didSchema = z.string().max(512).startsWith('did:')
const dateTimeSchema = z.string().max(40)
const httpUrlSchema = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/\S+$/)
  .refine((value) => URL.canParse(value))

// Strict JSON made it, so what is in it is JSON.
const jsonObjectSchema = z.record(z.string(), z.unknown())

const statusEntrySchema = z.strictObject({
  id: z.string().max(2048).optional(),
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.enum(['revocation', 'suspension']),
  statusListIndex: z.string().max(16),
  statusListCredential: httpUrlSchema,
})

export type StatusPurpose = z.infer<typeof statusEntrySchema>['statusPurpose']

/** Who answers for the agent: a name, an e-mail address, a DID; one line. */
export const operatorSchema = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line without control characters')

/** Free JSON for the resource server to interpret; never interpreted here. */
export const constraintsSchema = jsonObjectSchema

/**
 * A role credential (VCDM 2.0), as it stands in the payload of a `vc+jwt`.
 * `iat` is the signing time in seconds and equals `validFrom`.
 */
export const roleCredentialSchema = z.compile(
  z.strictObject({
    '@context': z.custom<unknown[]>((value) => JSON.stringify(value) === CONTEXT_TEXT, 'not the role context'),
    id: z.string().regex(/^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    type: z.tuple([z.literal('VerifiableCredential'), z.literal('AgentRoleCredential')]),
    issuer: didSchema,
    validFrom: dateTimeSchema,
    validUntil: dateTimeSchema,
    credentialSubject: z.strictObject({
      id: didSchema,
      role: roleNameSchema,
      sensitivity: sensitivitySchema,
      operator: operatorSchema,
      constraints: constraintsSchema.optional(),
      claims: jsonObjectSchema.optional(),
    }),
    credentialStatus: z.array(statusEntrySchema).length(2),
    iss: didSchema.optional(),
    iat: z.int().nonnegative(),
    exp: z.int().nonnegative().optional(),
  }),
)

export type RoleCredential = z.infer<typeof roleCredentialSchema>
