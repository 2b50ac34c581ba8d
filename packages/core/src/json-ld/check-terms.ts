import jsonld from 'jsonld'
import { DomainError } from '../errors.ts'
import { loadContext } from './load-context.ts'

/**
 * Decides that a document's contexts define every term and type in it, so that nothing in it stays unsigned under
 * `eddsa-rdfc-2022` or means nothing (JSON-LD 1.1 safe mode; VC Data Integrity §2.4.1). Resolves to the IRIs of its types,
 * whatever it calls them.
 *
 * @throws DomainError `context_unknown` for a context that is not bundled, `terms_undefined` for anything else
 */
export async function checkTerms(document: object): Promise<string[]> {
  try {
    const nodes = await jsonld.expand(document, { documentLoader: loadContext, safe: true, base: null })
    return nodes.flatMap((node) => node['@type'] ?? [])
  } catch (cause) {
    throw refusal(cause)
  }
}

function refusal(cause: unknown): DomainError {
  const known = contextError(cause)
  if (known) return known
  return new DomainError(
    'terms_undefined',
    'A term, type or identifier is not defined by the contexts, or redefines a protected one; define each in an inline context.',
    { cause },
  )
}

/** The library wraps what its document loader throws. */
export function contextError(error: unknown): DomainError | undefined {
  for (let cause = error; cause instanceof Error; cause = causeOf(cause)) if (cause instanceof DomainError) return cause
  return undefined
}

function causeOf(error: Error & { details?: { cause?: unknown } }): unknown {
  return error.cause ?? error.details?.cause
}
