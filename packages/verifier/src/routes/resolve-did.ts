import { DomainError } from '@consulate/core'
import { bearerOf, bearerToken } from '@consulate/server'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Resolution, type ResolutionError, resolveDid } from '../use-cases/resolve-did.ts'
import { route } from './route.ts'

const RESULT = 'application/did-resolution'
const DOCUMENT = 'application/did'

/** What they were called before; resolvers of others still ask for these. */
const FORMER_RESULT = 'application/ld+json;profile="https://w3id.org/did-resolution"'
const FORMER_DOCUMENTS = ['application/did+ld+json', 'application/did+json'] as const

/** DID Resolution §10.1. */
const STATUS: Record<ResolutionError, number> = {
  INVALID_DID: 400,
  NOT_FOUND: 404,
  REPRESENTATION_NOT_SUPPORTED: 406,
  INVALID_DID_DOCUMENT: 500,
  INTERNAL_ERROR: 500,
  METHOD_NOT_SUPPORTED: 501,
}

const TITLE: Record<ResolutionError, string> = {
  INVALID_DID: 'Invalid DID',
  NOT_FOUND: 'Not found',
  REPRESENTATION_NOT_SUPPORTED: 'Representation not supported',
  INVALID_DID_DOCUMENT: 'Invalid DID document',
  INTERNAL_ERROR: 'Internal error',
  METHOD_NOT_SUPPORTED: 'Method not supported',
}

const result = z.strictObject({
  didDocument: z.looseObject({ id: z.string() }).nullable(),
  didResolutionMetadata: z.strictObject({
    contentType: z.literal(DOCUMENT).optional(),
    error: z.strictObject({ type: z.string(), title: z.string(), detail: z.string() }).optional(),
  }),
  didDocumentMetadata: z.looseObject({ deactivated: z.boolean().optional() }),
})
const failed = { [RESULT]: result }

/** A did:key for everybody, other DIDs for whoever sends a resource server's token. */
export const resolveDidRoute = route({
  summary: 'Resolves a DID: a did:key for everybody, did:ethr and did:web with the token of a resource server.',
  method: 'get',
  path: '/1.0/identifiers/:did',
  access: 'public',
  params: z.strictObject({ did: z.string().max(1024) }),
  answers: {
    200: {
      ...Object.fromEntries([RESULT, 'application/json', 'application/ld+json'].map((type) => [type, result])),
      ...Object.fromEntries([DOCUMENT, ...FORMER_DOCUMENTS].map((type) => [type, z.looseObject({ id: z.string() })])),
    },
    400: failed,
    404: failed,
    406: failed,
    410: failed,
    500: failed,
    501: failed,
  },
  async handle(ctx, { params: { did }, headers, negotiate }) {
    const type = chosen(() => negotiate(RESULT, 'application/json', DOCUMENT, FORMER_RESULT, ...FORMER_DOCUMENTS))
    if (!type)
      return answer(RESULT, {
        error: 'REPRESENTATION_NOT_SUPPORTED',
        detail: `This is served as ${RESULT}, application/json or ${DOCUMENT}; accept one of them.`,
      })
    const isKnown = await isResourceServer(ctx, headers.authorization)
    return answer(type, await resolveDid(ctx, did, { isKnown }))
  },
})

function chosen<Type>(negotiate: () => Type): Type | undefined {
  try {
    return negotiate()
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_acceptable') return undefined
    throw error
  }
}

/** Throws `unauthenticated` for a token that is nobody's: who sends one wants to be known. */
async function isResourceServer(
  { store }: Pick<Context, 'store'>,
  authorization: string | undefined,
): Promise<boolean> {
  if (authorization === undefined) return false
  await bearerOf((tokenHash) => store.findResourceServerByToken(tokenHash))(bearerToken(authorization))
  return true
}

/** A document goes alone only when there is one. */
function answer(type: string, resolution: Resolution) {
  if ('error' in resolution) {
    const { error, detail } = resolution
    const problem = { type: `https://www.w3.org/ns/did#${error}`, title: TITLE[error], detail }
    return body(STATUS[error], RESULT, {
      didDocument: null,
      didResolutionMetadata: { error: problem },
      didDocumentMetadata: {},
    })
  }
  const { didDocument, didDocumentMetadata } = resolution
  if (didDocument === null) return body(410, RESULT, { didDocument, didResolutionMetadata: {}, didDocumentMetadata })
  if ([DOCUMENT, ...FORMER_DOCUMENTS].includes(type))
    return { status: 200, body: JSON.stringify(didDocument), contentType: type }
  return body(200, type, { didDocument, didResolutionMetadata: { contentType: DOCUMENT }, didDocumentMetadata })
}

function body(status: number, contentType: string, resolved: object) {
  return { status, body: JSON.stringify(resolved), contentType }
}
