import { base58 } from '@scure/base'
import { CLOCK_SKEW } from '../credential/verify-role-credential.ts'
import type { DidKeys, ProofPurpose, VerificationMethod } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { verifySignature } from '../jose/verify-signature.ts'
import { quote } from '../json/quote.ts'
import { parseDateTime } from '../time/date-time.ts'
import { type Proof, readProofs } from './proof.ts'
import { verifyData } from './verify-data.ts'

export interface ProofDemand {
  /** The keys of whoever must have made each proof. */
  keys: DidKeys
  purpose: ProofPurpose
  /** Seconds since 1970. */
  now: number
}

/**
 * Decides that a document's every proof is right (VC Data Integrity §4.4, §4.5): made by the expected party with a key
 * for this purpose, at no other time than it says, over this document and the proofs it builds on.
 *
 * @throws DomainError `proof_malformed`, `proof_purpose_mismatch`, `proof_not_yet_valid`, `proof_expired`, `key_not_found`,
 * `key_not_authorized`, `algorithm_not_allowed`, `signature_invalid`, `context_unknown`
 */
export async function verifyProofs(document: object, demand: ProofDemand): Promise<Proof[]> {
  const proofs = readProofs(document)
  for (const proof of proofs) {
    checkPurpose(proof, demand)
    checkTimes(proof, demand)
    const method = methodOf(proof, demand)
    const { proofValue, ...options } = proof
    const data = await verifyData('verify', securedBy(proof, proofs, document), options)
    verifySignature(method, 'EdDSA', data, base58.decode(proofValue.slice(1)))
  }
  return proofs
}

function checkPurpose({ proofPurpose }: Proof, { purpose }: ProofDemand): void {
  if (proofPurpose !== purpose)
    throw new DomainError('proof_purpose_mismatch', `A proof for ${proofPurpose} is none for ${purpose}.`)
}

function checkTimes({ created, expires }: Proof, { now }: ProofDemand): void {
  if (created !== undefined && timeOf(created) > now + CLOCK_SKEW)
    throw new DomainError('proof_not_yet_valid', 'The proof was made in the future; check the clock.')
  if (expires !== undefined && timeOf(expires) <= now - CLOCK_SKEW)
    throw new DomainError('proof_expired', 'The proof has expired; make a new one.')
}

function timeOf(text: string): number {
  try {
    return parseDateTime(text)
  } catch (cause) {
    throw new DomainError('proof_malformed', `${quote(text)} is not a time such as 2026-01-31T12:00:00Z.`, { cause })
  }
}

function methodOf({ verificationMethod }: Proof, { keys, purpose }: ProofDemand): VerificationMethod {
  const method = keys.verificationMethods.get(verificationMethod)
  if (!method)
    throw new DomainError(
      'key_not_found',
      `${quote(verificationMethod)} does not stand in the document of ${keys.did}.`,
    )
  if (!method.purposes.has(purpose))
    throw new DomainError('key_not_authorized', `${quote(verificationMethod)} may not be used for ${purpose}.`)
  return method
}

/** The document without proofs but for those that this one builds on. */
function securedBy({ previousProof = [] }: Proof, proofs: Proof[], { ...document }: { proof?: unknown }): object {
  delete document.proof
  const previous = proofs.filter(({ id }) => id !== undefined && [previousProof].flat().includes(id))
  return previous.length > 0 ? { ...document, proof: previous } : document
}
