import { type Cryptosuite, DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { createSignCryptosuite, createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as rdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { DomainError } from '../errors.ts'
import { contextError } from '../json-ld/check-terms.ts'
import { loadContext } from '../json-ld/load-context.ts'
import type { CryptosuiteName, ProofOptions } from './proof.ts'

/** Canonicalizing a hostile graph ends here, in milliseconds (RDF Dataset Canonicalization §7.1). */
const PATIENCE = 1_000

const boundedRdfc: Cryptosuite = {
  ...rdfc,
  canonize: (input, options) => rdfc.canonize(input, { ...options, signal: AbortSignal.timeout(PATIENCE) }),
}

const jcsCryptosuites = { sign: createSignCryptosuite(), verify: createVerifyCryptosuite() }

/**
 * The bytes that a proof signs (VC Data Integrity EdDSA Cryptosuites §3.2, §3.3): hash of the proof options, then hash of
 * the document. Under `eddsa-jcs-2022`, `sign` gives the proof the document's `@context`.
 *
 * @throws DomainError `proof_malformed` when the document cannot be canonicalized, `context_unknown`
 */
export async function verifyData(
  operation: 'sign' | 'verify',
  document: object,
  proof: ProofOptions,
): Promise<Uint8Array> {
  try {
    return await dataOf[proof.cryptosuite](operation, document, proof)
  } catch (cause) {
    throw (
      contextError(cause) ??
      new DomainError('proof_malformed', `The document cannot be canonicalized for ${proof.cryptosuite}.`, { cause })
    )
  }
}

const dataOf: Record<
  CryptosuiteName,
  (operation: 'sign' | 'verify', document: object, proof: ProofOptions) => Promise<Uint8Array>
> = {
  // A context of its own would give the proof's terms another meaning than the document's.
  'eddsa-rdfc-2022': (_operation, document, { '@context': _context, ...proof }) =>
    new DataIntegrityProof({ cryptosuite: boundedRdfc }).createVerifyData({
      document,
      proof,
      documentLoader: loadContext,
    }),
  'eddsa-jcs-2022': (operation, document, proof) => {
    const cryptosuite = jcsCryptosuites[operation]
    return cryptosuite.createVerifyData({ cryptosuite, document: withContextOf(proof, document), proof })
  },
}

/**
 * The specification lets contexts be appended to what `eddsa-jcs-2022` secured, where they could give signed terms another
 * meaning; here they are the same. As the same objects, because that is how the library compares them.
 */
function withContextOf({ '@context': context }: ProofOptions, document: { '@context'?: unknown }): object {
  if (context === undefined) return { ...document }
  if (JSON.stringify(context) !== JSON.stringify(document['@context']))
    throw new DomainError('proof_malformed', "The proof's @context is not that of the document.")
  return { ...document, '@context': context }
}
