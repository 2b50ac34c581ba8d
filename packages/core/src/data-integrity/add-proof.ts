import { base58 } from '@scure/base'
import { formatDateTime } from '../time/date-time.ts'
import type { Proof, ProofOptions } from './proof.ts'
import { verifyData } from './verify-data.ts'

export interface ProofRequest extends Pick<ProofOptions, 'cryptosuite' | 'verificationMethod' | 'proofPurpose'> {
  /** Seconds since 1970. */
  now: number
  challenge?: string
  domain?: string
}

/**
 * Secures a document that has no proof yet (VC Data Integrity §4.2) and leaves the one given as it is.
 *
 * @param sign an Ed25519 signature over these bytes, 64 bytes
 * @throws DomainError as `verifyData` does
 */
export async function addProof<Document extends object>(
  document: Document,
  { now, ...request }: ProofRequest,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<Document & { proof: Proof }> {
  const options: ProofOptions = { type: 'DataIntegrityProof', created: formatDateTime(now), ...request }
  const signature = await sign(await verifyData('sign', document, options))
  return { ...document, proof: { ...options, proofValue: `z${base58.encode(signature)}` } }
}
