import { hash } from 'node:crypto'
import { DomainError } from '@consulate/core'

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 §2.1), the scheme in any case (RFC 9110 §11.1); a JWT may be
 * long, a token of ours is not.
 */
export function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer +([\x21-\x7e]{16,8192})$/i.exec(authorization ?? '')?.[1]
  if (!token) throw unauthenticated()
  return token
}

export function unauthenticated(): DomainError {
  return new DomainError('unauthenticated', 'Send a valid token of this service: Authorization: Bearer <token>.')
}

/** Knows callers by the hash of the token they were given. */
export function bearerOf<Principal>(find: (tokenHash: string) => Promise<Principal | undefined>) {
  return async (token: string): Promise<Principal> => {
    const known = await find(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
}

/** How a token is stored: SHA-256, hex. Tokens are random, so a slow hash would add nothing. */
export function hashToken(token: string): string {
  return hash('sha256', token)
}
