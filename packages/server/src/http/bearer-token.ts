import { createHash, timingSafeEqual } from 'node:crypto'
import { DomainError } from '@consulate/core'
import type { Authenticate } from './route.ts'

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1). */
export function bearerToken(authorization: string | undefined): string {
  const token = /^Bearer ([\x21-\x7e]{16,512})$/.exec(authorization ?? '')?.[1]
  if (!token) throw unauthenticated()
  return token
}

export function unauthenticated(): DomainError {
  return new DomainError('unauthenticated', 'Send a valid token of this service: Authorization: Bearer <token>.')
}

/** How a token is stored: SHA-256, hex. Tokens are random, so a slow hash would add nothing. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Lets in whoever holds this one token, compared in constant time. */
export function authenticateHolderOf(expected: string): Authenticate<true> {
  const expectedHash = Buffer.from(hashToken(expected))
  return (token) => {
    if (!timingSafeEqual(Buffer.from(hashToken(token)), expectedHash)) throw unauthenticated()
    return true
  }
}
