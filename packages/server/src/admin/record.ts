import type { Actor } from './administrator.ts'
import type { Scope } from './scope.ts'

/** An administrator who holds an API key. Times are seconds since 1970. */
export interface AdministratorRecord {
  id: string
  name: string
  scopes: Scope[]
  /** SHA-256 of the key, hex. */
  keyHash: string
  createdAt: number
  createdBy: Actor
  expiresAt: number
  revokedAt: number | null
  revokedBy: Actor | null
}
