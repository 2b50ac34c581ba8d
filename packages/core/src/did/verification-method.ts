import type { KeyObject } from 'node:crypto'

/** JOSE algorithm names (RFC 7518, RFC 8037, RFC 8812). */
export type SignatureAlgorithm = 'EdDSA' | 'ES256' | 'ES256K'

/** Verification relationships (DID Core §5.3) this product uses. */
export type ProofPurpose = 'assertionMethod' | 'authentication'

/** One key of a DID document, imported once and ready to verify with. `id` is an absolute DID URL. */
export interface VerificationMethod {
  id: string
  algorithm: SignatureAlgorithm
  publicKey: KeyObject
  purposes: ReadonlySet<ProofPurpose>
}

/** What stands in a DID's document now. */
export interface DidKeys {
  did: string
  verificationMethods: ReadonlyMap<string, VerificationMethod>
}
