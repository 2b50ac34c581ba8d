import { z } from 'zod'
import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { checkHeader } from '../jose/check-header.ts'
import { decodeCompactJws } from '../jose/compact-jws.ts'
import { verifySignature } from '../jose/verify-signature.ts'
import { describeIssue } from '../json/describe-issue.ts'

const MAX_BYTES = 262_144

/** Which of an issuer's heads a statement goes with. */
export const statementHead = {
  iss: z.string().max(2048),
  epoch: z.int().min(0),
  version: z.int().min(0),
}

/**
 * Opens what an issuer says of its status between heads: a compact JWS (EdDSA) of this `typ`, signed by a key in its
 * `assertionMethod`. Throws `token_malformed`, `token_type_invalid`, `algorithm_not_allowed`, `header_not_allowed`,
 * `key_not_authorized`, `signature_invalid`, `status_malformed` or `issuer_mismatch`.
 */
export function openStatement<T extends { iss: string }>(
  token: string,
  { typ, schema, keys }: { typ: string; schema: z.ZodType<T>; keys: DidKeys },
): T {
  const { header, payload, signingInput, signature } = decodeCompactJws(token, { maxBytes: MAX_BYTES })
  const { alg, kid } = checkHeader(header, { typ })
  const method = keys.verificationMethods.get(kid)
  if (alg !== 'EdDSA' || !method?.purposes.has('assertionMethod'))
    throw new DomainError('key_not_authorized', `${kid} may not sign statements about the status of ${keys.did}.`)
  verifySignature(method, alg, signingInput, signature)
  const parsed = schema.safeParse(payload)
  if (!parsed.success)
    throw new DomainError('status_malformed', `The ${typ} is refused: ${describeIssue(parsed.error)}.`)
  if (parsed.data.iss !== keys.did)
    throw new DomainError('issuer_mismatch', `The ${typ} is of ${parsed.data.iss}; expected one of ${keys.did}.`)
  return parsed.data
}
