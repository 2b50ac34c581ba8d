import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { parseDateTime } from '../time/date-time.ts'
import {
  contextSchema,
  identifiedSchema,
  languageSchema,
  oneOrMore,
  typedSchema,
  typeWith,
  urlSchema,
} from './fields.ts'
import { relatedResourceSchema } from './related-resource.ts'
import { checkStatusShape } from './status-shape.ts'

const subjectSchema = z
  .looseObject({ id: urlSchema.optional() })
  .refine((subject) => Object.keys(subject).length > 0, 'expected a claim')

/** The shape of any credential (VCDM 2.0 §4). What its contexts define is `checkTerms`' to say. */
const credentialSchema = z.looseObject({
  '@context': contextSchema,
  id: urlSchema.optional(),
  type: typeWith('VerifiableCredential'),
  issuer: identifiedSchema,
  name: languageSchema.optional(),
  description: languageSchema.optional(),
  credentialSubject: oneOrMore(subjectSchema),
  validFrom: z.string().optional(),
  validUntil: z.string().optional(),
  credentialStatus: oneOrMore(typedSchema).optional(),
  credentialSchema: oneOrMore(typedSchema.required({ id: true })).optional(),
  refreshService: oneOrMore(typedSchema).optional(),
  termsOfUse: oneOrMore(typedSchema).optional(),
  evidence: oneOrMore(typedSchema).optional(),
  relatedResource: relatedResourceSchema.optional(),
})

export type AnyCredential = z.infer<typeof credentialSchema>

/**
 * Reads parsed JSON as a credential of the VC Data Model 2.0.
 *
 * @throws DomainError `credential_malformed`, `status_malformed`
 */
export function readCredentialShape(value: unknown): AnyCredential {
  const parsed = credentialSchema.safeParse(value)
  if (!parsed.success)
    throw new DomainError('credential_malformed', `Not a VCDM 2.0 credential: ${describeIssue(parsed.error)}.`)
  const { validFrom, validUntil } = parsed.data
  const from = validFrom === undefined ? undefined : parseDateTime(validFrom)
  const until = validUntil === undefined ? undefined : parseDateTime(validUntil)
  if (from !== undefined && until !== undefined && until < from)
    throw new DomainError('credential_malformed', 'The credential ends (validUntil) before it begins (validFrom).')
  checkStatusShape([parsed.data.credentialStatus ?? []].flat())
  return parsed.data
}

/** The DID or URL of whoever issued it. */
export function issuerOf({ issuer }: Pick<AnyCredential, 'issuer'>): string {
  return typeof issuer === 'string' ? issuer : issuer.id
}
