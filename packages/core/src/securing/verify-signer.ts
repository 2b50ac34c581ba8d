import { CLOCK_SKEW } from '../credential/verify-role-credential.ts'
import { type Proof, readProofs } from '../data-integrity/proof.ts'
import { verifyProofs } from '../data-integrity/verify-proofs.ts'
import type { DidKeys, ProofPurpose } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { verifySignature } from '../jose/verify-signature.ts'
import { quote } from '../json/quote.ts'
import type { Secured, Signed } from './open-secured.ts'

export interface SignerDemand {
  /** The keys of whoever must have signed. */
  keys: DidKeys
  purpose: ProofPurpose
  /** Seconds since 1970. */
  now: number
}

/**
 * Decides that this party secured a document: by the JWS around it, by every proof in it, by at least one of the two.
 *
 * @throws DomainError `proof_malformed` when nothing secures it, `issuer_mismatch`, `proof_not_yet_valid`, `proof_expired`,
 * `key_not_found`, `key_not_authorized`, `signature_invalid`, and as `verifyProofs` does
 */
export async function verifySigner({ document, signed }: Secured, demand: SignerDemand): Promise<Proof[]> {
  if (signed) verifySigned(signed, demand)
  if (signed && document.proof === undefined) return []
  return verifyProofs(document, demand)
}

/** The DID that a document says has secured it: that of its `kid`, or of its first proof. */
export function signerOf({ document, signed }: Secured): string {
  const verificationMethod = signed?.kid ?? readProofs(document)[0]!.verificationMethod
  return verificationMethod.split('#', 1)[0]!
}

function verifySigned({ alg, kid, signingInput, signature, claims }: Signed, demand: SignerDemand): void {
  const { keys, purpose, now } = demand
  const { iss = keys.did, iat = 0, nbf = 0, exp } = claims
  if (iss !== keys.did)
    throw new DomainError('issuer_mismatch', `The token's iss is ${quote(iss)}, but ${keys.did} must have signed it.`)
  if (Math.max(iat, nbf) > now + CLOCK_SKEW)
    throw new DomainError('proof_not_yet_valid', 'The token was signed in the future; check the clock.')
  if (exp !== undefined && exp <= now - CLOCK_SKEW)
    throw new DomainError('proof_expired', 'The token has expired; ask for a new one.')
  const method = keys.verificationMethods.get(kid)
  if (!method) throw new DomainError('key_not_found', `${kid} does not stand in the document of ${keys.did}.`)
  if (!method.purposes.has(purpose))
    throw new DomainError('key_not_authorized', `${kid} may not be used for ${purpose}.`)
  verifySignature(method, alg, signingInput, signature)
}
