import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { verifySignature } from '../jose/verify-signature.ts'
import type { OpenedCredential, ReadCredential } from './open-role-credential.ts'

/** How far clocks may differ, in seconds. */
export const CLOCK_SKEW = 60

/**
 * Decides that an opened credential was signed by a key that stands in its issuer's `assertionMethod`
 * (VC Data Model 2.0 §4.7, DID Core §5.3.2). Throws `key_not_found`, `key_not_authorized`,
 * `algorithm_not_allowed` or `signature_invalid`.
 */
export function verifyCredentialSignature(opened: OpenedCredential, issuerKeys: DidKeys): void {
  const { alg, kid, signingInput, signature } = opened
  const method = issuerKeys.verificationMethods.get(kid)
  if (!method) throw new DomainError('key_not_found', `${kid} does not stand in the issuer's DID document.`)
  if (!method.purposes.has('assertionMethod'))
    throw new DomainError('key_not_authorized', `${kid} may not sign credentials (it is no assertionMethod).`)
  verifySignature(method, alg, signingInput, signature)
}

/** Throws `credential_not_yet_valid` or `credential_expired`; `now` in seconds, 60 s of skew allowed. */
export function checkCredentialPeriod(read: ReadCredential, now: number): void {
  const { credential, validFrom, validUntil } = read
  if (validFrom > now + CLOCK_SKEW)
    throw new DomainError('credential_not_yet_valid', `The credential is valid only from ${credential.validFrom}.`)
  if (validUntil <= now - CLOCK_SKEW)
    throw new DomainError(
      'credential_expired',
      `The credential expired at ${credential.validUntil}; ask for a new one.`,
    )
}
