import { CLOCK_SKEW, DomainError } from '@consulate/core'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose'
import { unauthenticated } from '../../http/bearer-token.ts'
import type { Administrator } from '../administrator.ts'
import { createIssuerKeys, type IssuerKeysOptions } from './issuer-keys.ts'
import type { OidcConfig } from './oidc-config.ts'
import { scopesOfClaims } from './scopes-of-claims.ts'

/** Asymmetric ones alone: no key of the issuer can ever be taken for a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** An ID token, an access token (RFC 9068 §2.1), or one that does not say; anything else is meant for another purpose. */
const TYPES = new Set<unknown>([undefined, 'jwt', 'at+jwt'])

const KEY_HEADERS = ['jwk', 'jku', 'x5u']
const MAX_AGE_SECONDS = 86_400
const SUBJECT = /^[\x20-\x7e]{1,255}$/

/**
 * Tells who an administrator is by a JWT of the configured OIDC issuer (OpenID Connect Core §3.1.3.7, RFC 8725). What can be
 * refused without the issuer's keys is refused first, so that only its own tokens ever make us ask for them.
 * Throws `unauthenticated`, or `oidc_unavailable` when the keys cannot be had.
 */
export function authenticateIdentity(
  { issuer, audience, scopes }: OidcConfig,
  { clock, ...options }: IssuerKeysOptions & { clock: { now(): number } },
): (token: string) => Promise<Administrator> {
  const keys = createIssuerKeys(issuer, options)
  return async (token) => {
    const now = clock.now()
    checkUnverified(token, issuer, now)
    const claims = await verify(token, await keys(), { issuer, audience, now })
    const { sub } = claims
    if (sub === undefined || !SUBJECT.test(sub)) throw refused('its sub is not 1 to 255 printable characters')
    return { actor: `oidc:${sub}`, scopes: scopesOfClaims(claims, scopes) }
  }
}

function checkUnverified(token: string, issuer: string, now: number): void {
  const { header, claims } = decode(token)
  if (!ALGORITHMS.includes(header.alg ?? '')) throw refused('its alg is not allowed')
  if (!TYPES.has(kindOf(header.typ))) throw refused('its typ is that of another kind of token')
  for (const name of KEY_HEADERS) if (Object.hasOwn(header, name)) throw refused(`its header has ${name}`)
  if (claims.iss !== issuer) throw refused('its iss is not the configured issuer')
  if (typeof claims.exp !== 'number' || claims.exp + CLOCK_SKEW <= now) throw refused('it has expired, or never does')
}

/** Media types are the same in whatever case, with `application/` or without (RFC 7515 §4.1.9). */
function kindOf(typ: unknown): unknown {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ
}

function decode(token: string) {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    throw refused('it is no JWT')
  }
}

async function verify(
  token: string,
  keys: RemoteJWKSet,
  { issuer, audience, now }: { issuer: string; audience: string; now: number },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: CLOCK_SKEW,
      currentDate: new Date(now * 1000),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(describe(error))
    throw error
  }
}

/** Its code and the claim at fault; the error itself carries all claims, which are nobody's business in a log. */
function describe(error: errors.JOSEError): string {
  const atFault = error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired
  return atFault ? `${error.code} ${error.claim}` : error.code
}

function refused(reason: string): DomainError {
  const { code, message } = unauthenticated()
  return new DomainError(code, message, { reason: `a JWT was refused: ${reason}` })
}
