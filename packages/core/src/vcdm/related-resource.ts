import { base58 } from '@scure/base'
import { z } from 'zod'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import { oneOrMore, urlSchema } from './fields.ts'

/** The published digests of the base context (VCDM 2.0 §B.1), the one resource that is known here byte for byte. */
const BASE_CONTEXT = {
  sha256: 'WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=',
  sha384: 'l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU',
} as const

const MULTIHASH = { sha256: '1220', sha384: '2030' } as const

const resourceSchema = z.looseObject({
  id: urlSchema,
  digestSRI: oneOrMore(z.string().regex(/^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/)).optional(),
  digestMultibase: oneOrMore(z.string().regex(/^(u[A-Za-z0-9_-]+|z[1-9A-HJ-NP-Za-km-z]+)$/)).optional(),
})

const checkedResourceSchema = resourceSchema
  .refine(({ digestSRI, digestMultibase }) => digestSRI ?? digestMultibase, 'expected digestSRI or digestMultibase')
  .refine((resource) => resource.id !== CREDENTIALS_V2 || digestsOf(resource).every(isBaseContext), 'wrong digest')

/** `relatedResource` (§5.3): objects with an `id` each, none twice, and a digest. Digests of what is not known here are not checked. */
export const relatedResourceSchema = oneOrMore(checkedResourceSchema).refine((resources) => {
  const ids = [resources].flat().map(({ id }) => id)
  return new Set(ids).size === ids.length
}, 'the same id twice')

function digestsOf({ digestSRI = [], digestMultibase = [] }: z.infer<typeof resourceSchema>): string[] {
  const subresource = [digestSRI].flat().map((text) => Buffer.from(text.slice(text.indexOf('-') + 1), 'base64'))
  const multibase = [digestMultibase].flat().map(decodeMultibase)
  return [...subresource, ...multibase].map((bytes) => Buffer.from(bytes).toString('hex'))
}

function decodeMultibase(text: string): Uint8Array {
  return text.startsWith('u') ? Buffer.from(text.slice(1), 'base64url') : base58.decode(text.slice(1))
}

function isBaseContext(digest: string): boolean {
  return Object.entries(BASE_CONTEXT).some(([algorithm, published]) => {
    const expected = Buffer.from(published, 'base64').toString('hex')
    return digest === expected || digest === MULTIHASH[algorithm as keyof typeof MULTIHASH] + expected
  })
}
