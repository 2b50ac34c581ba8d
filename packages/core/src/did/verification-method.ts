import type { KeyObject } from 'node:crypto'

/** JOSE algorithm names (RFC 7518, RFC 8037, RFC 8812). */
export type SignatureAlgorithm = 'EdDSA' | 'ES256' | 'ES256K'

/** Verification relationships (DID Core §5.3) this product uses. */
export type ProofPurpose = 'assertionMethod' | 'authentication'

/**
 * One key of a DID document, ready to verify with. `id` is an absolute DID URL. An `account`, a lower-case Ethereum address,
 * stands for the one secp256k1 key that has it (EcdsaSecp256k1RecoveryMethod2020).
 */
export type VerificationMethod = { id: string; purposes: ReadonlySet<ProofPurpose> } & (
  | { algorithm: SignatureAlgorithm; publicKey: KeyObject; account?: never }
  | { algorithm: 'ES256K'; account: `0x${string}`; publicKey?: never }
)

/** What stands in a DID's document now. */
export interface DidKeys {
  did: string
  verificationMethods: ReadonlyMap<string, VerificationMethod>
}
