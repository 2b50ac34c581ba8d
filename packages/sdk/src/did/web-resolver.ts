import { canonicalDid, DomainError, describeIssue, parseStrictJson } from '@consulate/core'
import { z } from 'zod'
import type { GuardedFetch } from '../guarded-fetch.ts'
import type { KeyDocument } from './document-keys.ts'

const MAX_METHODS = 100

const jwkSchema = z.looseObject({
  kty: z.string(),
  crv: z.string().optional(),
  x: z.string().max(256).optional(),
  y: z.string().max(256).optional(),
})

const methodSchema = z.looseObject({
  id: z.string().max(1024),
  type: z.string().max(128),
  controller: z.string().max(512),
  publicKeyJwk: jwkSchema.optional(),
  publicKeyMultibase: z.string().max(256).optional(),
  publicKeyBase58: z
    .string()
    .regex(/^[1-9A-HJ-NP-Za-km-z]{1,256}$/)
    .optional(),
  publicKeyHex: z.string().max(1024).optional(),
})

const relationshipSchema = z.array(z.union([z.string().max(1024), methodSchema])).max(MAX_METHODS)

/** What is read of a DID document; everything else in it is left alone. */
const documentSchema = z.looseObject({
  id: z.string(),
  verificationMethod: z.array(methodSchema).max(MAX_METHODS).optional(),
  authentication: relationshipSchema.optional(),
  assertionMethod: relationshipSchema.optional(),
})

/** Fetches the document of a did:web (did:web §3.2). Throws `did_unresolvable`, or `did_malformed` for what is no document. */
export async function resolveWebDid(fetch: GuardedFetch, did: string): Promise<KeyDocument> {
  const body = await fetch(webDidUrl(did), 'application/did+json, application/did+ld+json, application/json').catch(
    (cause: Error) => {
      const message = `${did} could not be resolved; see that its host serves the document, and try again.`
      throw new DomainError('did_unresolvable', message, { reason: cause.message })
    },
  )
  const parsed = documentSchema.safeParse(parseDocument(did, body))
  if (parsed.success) return parsed.data as KeyDocument
  throw noDocument(did, describeIssue(parsed.error))
}

function parseDocument(did: string, body: Buffer): unknown {
  try {
    return parseStrictJson(body)
  } catch (error) {
    throw noDocument(did, (error as Error).message)
  }
}

function noDocument(did: string, why: string): DomainError {
  return new DomainError('did_malformed', `${did} names something that is no DID document: ${why}`)
}

/** A canonical did:web has neither escapes but `%3A`, nor dots for segments, nor user info: the parts fit as they are. */
export function webDidUrl(did: string): string {
  const [authority = '', ...path] = canonicalDid(did).slice('did:web:'.length).split(':')
  const folder = path.length === 0 ? '.well-known' : path.join('/')
  return `https://${authority.replace('%3A', ':')}/${folder}/did.json`
}
