import { DomainError } from '@consulate/core'
import type { VerifiableCredential, VerifiablePresentation } from '@veramo/core-types'

export type SecuredType = 'vc+jwt' | 'vp+jwt'

/** A secured credential or presentation as VCDM 2.0 §4.12 and §4.13 write it into other documents. */
export interface Envelope {
  '@context': 'https://www.w3.org/ns/credentials/v2'
  id: `data:application/${SecuredType},${string}`
  type: 'EnvelopedVerifiableCredential' | 'EnvelopedVerifiablePresentation'
}

const TYPES = {
  'vc+jwt': 'EnvelopedVerifiableCredential',
  'vp+jwt': 'EnvelopedVerifiablePresentation',
} as const

export function envelope(typ: SecuredType, token: string): Envelope {
  return {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:application/${typ},${token}`,
    type: TYPES[typ],
  }
}

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
