import { canonicalDid, DomainError, type ErrorCode } from '@consulate/core'
import type { Context } from '../context.ts'

/** Of DID Resolution §11: those that can happen here. */
export type ResolutionError =
  | 'INVALID_DID'
  | 'INVALID_DID_DOCUMENT'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'REPRESENTATION_NOT_SUPPORTED'
  | 'INTERNAL_ERROR'

/** A document, null for a DID that was deactivated, or why there is none. */
export type Resolution =
  | { didDocument: object | null; didDocumentMetadata: object }
  | { error: ResolutionError; detail: string }

const OF_A_DID: Partial<Record<ErrorCode, ResolutionError>> = {
  did_malformed: 'INVALID_DID',
  did_not_canonical: 'INVALID_DID',
  did_method_unsupported: 'METHOD_NOT_SUPPORTED',
}

const OF_A_DOCUMENT: Partial<Record<ErrorCode, ResolutionError>> = {
  ...OF_A_DID,
  did_malformed: 'INVALID_DID_DOCUMENT',
  did_unresolvable: 'NOT_FOUND',
}

/** A did:ethr exists from the beginning: when it cannot be resolved, that is not because there is none. */
const OF_A_CHAIN: Partial<Record<ErrorCode, ResolutionError>> = {
  ...OF_A_DID,
  did_unresolvable: 'INTERNAL_ERROR',
  chain_disagreement: 'INTERNAL_ERROR',
  chain_unavailable: 'INTERNAL_ERROR',
}

/**
 * Resolves a DID (DID Resolution §4). What is not known without asking others is resolved for callers whom we know, so that
 * nobody else can have us send a request; throws `unauthenticated`.
 */
export async function resolveDid(
  { documents, logger }: Pick<Context, 'documents' | 'logger'>,
  did: string,
  caller: { isKnown: boolean },
): Promise<Resolution> {
  try {
    canonicalDid(did)
  } catch (cause) {
    return failureOf(cause, OF_A_DID)
  }
  if (!did.startsWith('did:key:') && !caller.isKnown)
    throw new DomainError(
      'unauthenticated',
      'Only a did:key is resolved for everybody; for others send the token of a resource server: Authorization: Bearer <token>.',
    )
  try {
    return await documents.resolve(did)
  } catch (cause) {
    const failure = failureOf(cause, errorsOf(did))
    if ('error' in failure) logger.info({ err: cause, did }, 'a DID was not resolved')
    return failure
  }
}

function errorsOf(did: string): Partial<Record<ErrorCode, ResolutionError>> {
  if (did.startsWith('did:key:')) return OF_A_DID
  return did.startsWith('did:web:') ? OF_A_DOCUMENT : OF_A_CHAIN
}

function failureOf(cause: unknown, errors: Partial<Record<ErrorCode, ResolutionError>>): Resolution {
  if (!(cause instanceof DomainError)) throw cause
  if (cause.code === 'did_deactivated') return { didDocument: null, didDocumentMetadata: { deactivated: true } }
  const error = errors[cause.code]
  if (!error) throw cause
  return { error, detail: cause.message }
}
