import { z } from 'zod'
import { CREDENTIALS_V2 } from '../credential/context.ts'

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/

/** An absolute URL or URN, whatever its scheme (VCDM 2.0 §4.4). */
export const urlSchema = z.string().max(4096).regex(SCHEME, 'expected an absolute URL')

const objectSchema = z.record(z.string(), z.unknown())

/** One, or a list that is not empty. */
export const oneOrMore = <T extends z.ZodType>(schema: T) => z.union([schema, z.array(schema).min(1)])

/** `@context`: the base context first, then URLs and inline contexts (§4.3). */
export const contextSchema = z
  .array(z.union([urlSchema, objectSchema]))
  .min(1)
  .max(16)
  .refine(([first]) => first === CREDENTIALS_V2, `the first context must be ${CREDENTIALS_V2}`)

const termSchema = z.string().min(1).max(2048)

/** `type` with this one among its values (§4.5). */
export const typeWith = (required: string) =>
  oneOrMore(termSchema).refine((type) => [type].flat().includes(required), `type must include ${required}`)

/** An object that says what it is (`credentialStatus`, `termsOfUse`, `evidence`, …: §4.10, §5.4–5.6). */
export const typedSchema = z.looseObject({ type: oneOrMore(termSchema), id: urlSchema.optional() })

/** An entity that has an identifier, alone or as an object (§4.7). */
export const identifiedSchema = z.union([urlSchema, z.looseObject({ id: urlSchema })])

/** `name` and `description`: a string, or language value objects (§11.1). */
export const languageSchema = oneOrMore(
  z.union([
    z.string(),
    z.strictObject({
      '@value': z.string(),
      '@language': z.string().optional(),
      '@direction': z.enum(['ltr', 'rtl']).optional(),
    }),
  ]),
)
