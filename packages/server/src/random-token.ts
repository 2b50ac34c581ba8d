import { randomBytes } from 'node:crypto'
import { hashToken } from './http/bearer-token.ts'

/** A token of 256 random bits and the hash of it that is stored; `kind` tells a person what it opens. */
export function randomToken(kind: string): { token: string; hash: string } {
  const token = `${kind}_${randomBytes(32).toString('base64url')}`
  return { token, hash: hashToken(token) }
}
