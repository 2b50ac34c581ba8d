import { z } from 'zod'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import type { SignatureAlgorithm } from '../did/verification-method.ts'
import { DomainError, type ErrorCode } from '../errors.ts'
import { checkHeader } from '../jose/check-header.ts'
import { decodeCompactJws } from '../jose/compact-jws.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { MAX_PRESENTATION_BYTES } from '../presentation/presentation.ts'
import { oneOrMore } from '../vcdm/fields.ts'

/** The JWS around a document, taken apart; nothing in it is verified yet. */
export interface Signed {
  alg: SignatureAlgorithm
  kid: string
  signingInput: Buffer
  signature: Buffer
  claims: Claims
}

/** A credential or presentation as it was secured: by the JWS around it, by the proofs in it, by both, or not at all. */
export interface Secured {
  document: Record<string, unknown>
  signed?: Signed
}

const timeSchema = z.int().nonnegative()

/** The claims of RFC 7519 §4.1 that are about the signature; beside them the payload is the document. */
const claimsSchema = z.object({
  iss: z.string().optional(),
  sub: z.string().optional(),
  jti: z.string().optional(),
  aud: oneOrMore(z.string()).optional(),
  nonce: z.string().optional(),
  iat: timeSchema.optional(),
  nbf: timeSchema.optional(),
  exp: timeSchema.optional(),
})
type Claims = z.infer<typeof claimsSchema>

interface Kind {
  typ: 'vc+jwt' | 'vp+jwt'
  envelope: string
  malformed: ErrorCode
}

const KINDS = {
  credential: { typ: 'vc+jwt', envelope: 'EnvelopedVerifiableCredential', malformed: 'credential_malformed' },
  presentation: { typ: 'vp+jwt', envelope: 'EnvelopedVerifiablePresentation', malformed: 'presentation_malformed' },
} as const satisfies Record<string, Kind>

/**
 * Opens a document in whichever form it came: compact `vc+jwt` or `vp+jwt` (VC-JOSE-COSE §3.1), the enveloped form of it
 * (VCDM 2.0 §4.12.1, §4.13.2), or JSON with Data Integrity proofs.
 *
 * @throws DomainError `credential_malformed` or `presentation_malformed`, `token_malformed`, and as `checkHeader` does
 */
export function openSecured(value: unknown, name: keyof typeof KINDS): Secured {
  const kind = KINDS[name]
  if (typeof value === 'string') return openToken(value, kind)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DomainError(kind.malformed, `A ${name} is a JSON object or a compact ${kind.typ}.`)
  const document = value as Record<string, unknown>
  return [document.type].flat().includes(kind.envelope) ? openToken(tokenOf(document, kind), kind) : { document }
}

function tokenOf(document: object, { typ, envelope, malformed }: Kind): string {
  const prefix = `data:application/${typ},`
  const envelopeSchema = z.looseObject({
    '@context': oneOrMore(z.unknown()).refine(
      (context) => [context].flat().includes(CREDENTIALS_V2),
      `expected ${CREDENTIALS_V2}`,
    ),
    id: z.string().startsWith(prefix, `expected ${prefix}…`),
  })
  const parsed = envelopeSchema.safeParse(document)
  if (!parsed.success) throw new DomainError(malformed, `Not an ${envelope}: ${describeIssue(parsed.error)}.`)
  return parsed.data.id.slice(prefix.length)
}

function openToken(token: string, { typ, malformed }: Kind): Secured {
  const { header, payload, signingInput, signature } = decodeCompactJws(token, { maxBytes: MAX_PRESENTATION_BYTES })
  const { alg, kid } = checkHeader(header, { typ })
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success)
    throw new DomainError('token_malformed', `The claims of the ${typ} are wrong: ${describeIssue(claims.error)}.`)
  if (Object.hasOwn(payload, 'vc') || Object.hasOwn(payload, 'vp'))
    throw new DomainError(malformed, `The payload of a ${typ} is the document itself; it has no vc or vp claim.`)
  const document = Object.fromEntries(
    Object.entries(payload).filter(([member]) => !Object.hasOwn(claimsSchema.shape, member)),
  )
  return { document, signed: { alg, kid, signingInput, signature, claims: claims.data } }
}
