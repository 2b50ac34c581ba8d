import { canonicalDid } from '../did/canonical-did.ts'
import type { SignatureAlgorithm } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { checkHeader } from '../jose/check-header.ts'
import { decodeCompactJws } from '../jose/compact-jws.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { parseStatusListIndex } from '../status-list/bitstring.ts'
import { parseDateTime } from '../time/date-time.ts'
import { type RoleCredential, roleCredentialSchema, type StatusPurpose } from './role-credential.ts'

/** A credential's size limit, in bytes of its compact form. */
export const MAX_CREDENTIAL_BYTES = 16_384

/** What a role credential says. */
export interface ReadCredential {
  credential: RoleCredential
  /** Seconds since 1970. */
  validFrom: number
  validUntil: number
  status: Record<StatusPurpose, { list: string; index: number }>
}

/** A role credential that was read but whose signature nobody has checked yet. */
export interface OpenedCredential extends ReadCredential {
  alg: SignatureAlgorithm
  /** The absolute DID URL of the signing key. */
  kid: string
  signingInput: Buffer
  signature: Buffer
}

/**
 * Reads a compact `vc+jwt` (VC-JOSE-COSE §3.1) into a role credential, without deciding whether it is true.
 * Throws `token_malformed`, `token_type_invalid`, `algorithm_not_allowed`, `header_not_allowed`,
 * `credential_malformed`, `status_malformed` or `issuer_mismatch`.
 */
export function openRoleCredential(token: string): OpenedCredential {
  const { header, payload, signingInput, signature } = decodeCompactJws(token, { maxBytes: MAX_CREDENTIAL_BYTES })
  const { alg, kid } = checkHeader(header, { typ: 'vc+jwt' })
  const parsed = roleCredentialSchema.safeParse(payload)
  if (!parsed.success) {
    const code = parsed.error.issues[0]?.path[0] === 'credentialStatus' ? 'status_malformed' : 'credential_malformed'
    throw new DomainError(code, `Not a role credential: ${describeIssue(parsed.error)}.`)
  }
  const credential = parsed.data
  checkSigner(credential, kid)
  canonicalDid(credential.credentialSubject.id)
  const validFrom = parseDateTime(credential.validFrom)
  const validUntil = parseDateTime(credential.validUntil)
  checkTimes(credential, validFrom, validUntil)
  return { credential, validFrom, validUntil, status: readStatus(credential), alg, kid, signingInput, signature }
}

/** The DID in `kid` is canonical, and so is the issuer that equals it. */
function checkSigner({ issuer, iss }: RoleCredential, kid: string): void {
  if (kid.slice(0, kid.indexOf('#')) !== issuer || (iss !== undefined && iss !== issuer))
    throw new DomainError('issuer_mismatch', `The credential names ${issuer} as its issuer but is signed by ${kid}.`)
}

function checkTimes({ iat, exp }: RoleCredential, validFrom: number, validUntil: number): void {
  if (validUntil <= validFrom)
    throw new DomainError('credential_malformed', 'The credential ends (validUntil) before it begins (validFrom).')
  if (iat !== Math.floor(validFrom) || (exp !== undefined && exp !== Math.floor(validUntil)))
    throw new DomainError('credential_malformed', 'iat and exp must say the same as validFrom and validUntil.')
}

function readStatus({ credentialStatus }: RoleCredential): ReadCredential['status'] {
  const position = (purpose: StatusPurpose) => {
    const entry = credentialStatus.find((candidate) => candidate.statusPurpose === purpose)
    if (!entry) throw new DomainError('status_malformed', `The credential has no ${purpose} entry.`)
    return { list: entry.statusListCredential, index: parseStatusListIndex(entry.statusListIndex) }
  }
  return { revocation: position('revocation'), suspension: position('suspension') }
}
