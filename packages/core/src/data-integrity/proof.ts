import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { oneOrMore, urlSchema } from '../vcdm/fields.ts'

/** How many proofs one document may carry. */
const MAX_PROOFS = 8

export const cryptosuiteSchema = z.enum(['eddsa-rdfc-2022', 'eddsa-jcs-2022'])
export type CryptosuiteName = z.infer<typeof cryptosuiteSchema>

/** A proof of VC Data Integrity §2.1, of a cryptosuite that is supported here. */
const proofSchema = z.object({
  '@context': z.unknown().optional(),
  id: urlSchema.optional(),
  type: z.literal('DataIntegrityProof'),
  cryptosuite: cryptosuiteSchema,
  created: z.string().optional(),
  expires: z.string().optional(),
  verificationMethod: urlSchema,
  proofPurpose: z.enum(['assertionMethod', 'authentication']),
  challenge: z.string().max(256).optional(),
  domain: oneOrMore(z.string().max(253)).optional(),
  nonce: z.string().max(256).optional(),
  previousProof: oneOrMore(urlSchema).optional(),
  // 64 bytes in base58-btc.
  proofValue: z.string().regex(/^z[1-9A-HJ-NP-Za-km-z]{64,88}$/, 'expected z and a base58-btc signature'),
})

// Members that are not known here are signed all the same.
const proofSetSchema = z.array(proofSchema.loose()).min(1).max(MAX_PROOFS)

export type Proof = z.infer<typeof proofSchema>
export type ProofOptions = Omit<Proof, 'proofValue'>

/**
 * Reads a document's `proof`: one, or a set.
 *
 * @throws DomainError `proof_malformed`, also when a `previousProof` is not there
 */
export function readProofs({ proof }: { proof?: unknown }): Proof[] {
  const parsed = proofSetSchema.safeParse(Array.isArray(proof) ? proof : [proof])
  if (!parsed.success)
    throw new DomainError('proof_malformed', `Not a Data Integrity proof: ${describeIssue(parsed.error)}.`)
  const ids = new Set(parsed.data.map(({ id }) => id))
  for (const { previousProof = [] } of parsed.data)
    for (const id of [previousProof].flat())
      if (!ids.has(id)) throw new DomainError('proof_malformed', 'A proof builds on a previousProof that is not there.')
  return parsed.data
}
