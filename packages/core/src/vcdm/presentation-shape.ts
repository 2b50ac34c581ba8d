import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { contextSchema, identifiedSchema, oneOrMore, typedSchema, typeWith, urlSchema } from './fields.ts'

/** The shape of any presentation (VCDM 2.0 §4.13): what it carries are objects, credentials or their envelopes. */
const presentationSchema = z.looseObject({
  '@context': contextSchema,
  id: urlSchema.optional(),
  type: typeWith('VerifiablePresentation'),
  holder: identifiedSchema.optional(),
  verifiableCredential: oneOrMore(typedSchema).optional(),
  termsOfUse: oneOrMore(typedSchema).optional(),
})

export type AnyPresentation = z.infer<typeof presentationSchema>

/**
 * Reads parsed JSON as a presentation of the VC Data Model 2.0; the credentials in it are not looked into.
 *
 * @throws DomainError `presentation_malformed`
 */
export function readPresentationShape(value: unknown): AnyPresentation {
  const parsed = presentationSchema.safeParse(value)
  if (!parsed.success)
    throw new DomainError('presentation_malformed', `Not a VCDM 2.0 presentation: ${describeIssue(parsed.error)}.`)
  return parsed.data
}
