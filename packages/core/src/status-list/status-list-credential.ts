import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { quote } from '../json/quote.ts'
import { formatDateTime, parseDateTime } from '../time/date-time.ts'
import { decodeBitstring } from './bitstring.ts'

const SKEW = 60

const statusListCredentialSchema = z.strictObject({
  '@context': z.tuple([z.literal('https://www.w3.org/ns/credentials/v2')]),
  id: z.string(),
  type: z.tuple([z.literal('VerifiableCredential'), z.literal('BitstringStatusListCredential')]),
  issuer: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
  credentialSubject: z.strictObject({
    id: z.string(),
    type: z.literal('BitstringStatusList'),
    statusPurpose: z.string(),
    encodedList: z.string(),
    ttl: z.int().positive().optional(),
  }),
  iss: z.string().optional(),
  iat: z.int().nonnegative().optional(),
  exp: z.int().nonnegative().optional(),
})
export type StatusListCredential = z.infer<typeof statusListCredentialSchema>

export interface StatusListContent {
  /** Where the list is served; also its id. */
  url: string
  issuer: string
  purpose: string
  /** As `encodeBitstring` writes it. */
  encodedList: string
  /** Seconds since 1970. */
  validFrom: number
  validUntil: number
  ttlMs: number
}

/** The unsecured list credential (Bitstring Status List §3.2). `ttl` is in milliseconds there. */
export function buildStatusListCredential(content: StatusListContent): StatusListCredential {
  const { url, issuer, purpose, encodedList, validFrom, validUntil, ttlMs } = content
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: url,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: formatDateTime(validFrom),
    validUntil: formatDateTime(validUntil),
    credentialSubject: {
      id: `${url}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList,
      ttl: ttlMs,
    },
  }
}

export interface StatusListExpectation {
  url: string
  issuer: string
  purpose: string
  /** Seconds since 1970. */
  now: number
}

/**
 * Checks the payload of a status list credential whose signature is known to be right (Bitstring Status List §3.3), and
 * returns its bits. The period is checked with 60 s of skew; `iss`, `iat` and `exp`, when there, must agree with it.
 *
 * @throws DomainError `status_list_malformed`, `status_list_length`, `status_list_mismatch` (other id, issuer or purpose),
 *   `status_stale` (outside its period)
 */
export function checkStatusListCredential(payload: unknown, expected: StatusListExpectation): Uint8Array {
  const parsed = statusListCredentialSchema.safeParse(payload)
  if (!parsed.success) throw malformed(`Not a status list credential: ${describeIssue(parsed.error)}.`)
  const { id, issuer, iss = issuer, credentialSubject: subject } = parsed.data
  checkSame('id', id, expected.url)
  checkSame('issuer', issuer, expected.issuer)
  checkSame('iss', iss, expected.issuer)
  checkSame('statusPurpose', subject.statusPurpose, expected.purpose)
  checkPeriod(parsed.data, expected.now)
  return decodeBitstring(subject.encodedList)
}

function checkSame(member: string, actual: string, expected: string): void {
  if (actual !== expected) {
    throw new DomainError(
      'status_list_mismatch',
      `The list's ${member} is ${quote(actual)}; expected ${quote(expected)}.`,
    )
  }
}

function checkPeriod({ validFrom, validUntil, iat, exp }: StatusListCredential, now: number): void {
  const from = readTime(validFrom)
  const until = readTime(validUntil)
  if (until < from) throw malformed('The list ends (validUntil) before it begins (validFrom).')
  if (now < Math.max(from, iat ?? 0) - SKEW || now > Math.min(until, exp ?? until) + SKEW) {
    throw new DomainError(
      'status_stale',
      `The list is valid from ${validFrom} until ${validUntil}, not now; fetch it again.`,
    )
  }
}

function readTime(text: string): number {
  try {
    return parseDateTime(text)
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause
    throw malformed(`The list's period is refused: ${cause.message}`, cause)
  }
}

function malformed(message: string, cause?: unknown): DomainError {
  return new DomainError('status_list_malformed', message, { cause })
}
