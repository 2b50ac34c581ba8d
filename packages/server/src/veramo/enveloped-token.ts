import { DomainError, type Envelope } from '@consulate/core'
import type { VerifiableCredential, VerifiablePresentation } from '@veramo/core-types'

/**
 * The compact token of what the agent's `createVerifiable…` returned.
 *
 * @throws DomainError `token_malformed`
 */
export function envelopedToken(enveloped: Envelope | VerifiableCredential | VerifiablePresentation): string {
  const token = /^data:application\/v[cp]\+jwt,(.+)$/.exec(String(enveloped.id))?.[1]
  if (token) return token
  throw new DomainError('token_malformed', 'Expected an enveloped credential or presentation with a data: URL as id.')
}
