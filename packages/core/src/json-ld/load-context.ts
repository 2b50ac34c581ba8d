import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { bundledContexts } from './contexts.ts'

/**
 * The document loader of every JSON-LD operation: knows the bundled contexts and never asks the network.
 *
 * @throws DomainError `context_unknown`
 */
export async function loadContext(url: string) {
  const document = bundledContexts.get(url)
  if (!document)
    throw new DomainError(
      'context_unknown',
      `${quote(url)} is no context known here, and none is fetched; put its terms into an inline context.`,
    )
  return { contextUrl: null, documentUrl: url, document }
}
