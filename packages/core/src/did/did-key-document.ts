import { resolveDidKey } from './did-key.ts'

const CONTEXT = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'] as const

/**
 * The document of a did:key (did:key §3.1): its key as a Multikey, for all that signs. No key agreement is derived from it.
 *
 * @throws DomainError as `resolveDidKey` does
 */
export function didKeyDocument(did: string) {
  const id = [...resolveDidKey(did).verificationMethods.keys()][0]!
  const publicKeyMultibase = did.slice('did:key:'.length)
  return {
    '@context': [...CONTEXT],
    id: did,
    verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase }],
    authentication: [id],
    assertionMethod: [id],
    capabilityDelegation: [id],
    capabilityInvocation: [id],
  }
}
