import { randomUUID } from 'node:crypto'
import { randomToken } from '../random-token.ts'
import type { Actor } from './administrator.ts'
import type { AdministratorRecord } from './record.ts'
import type { Scope } from './scope.ts'
import type { AdministratorStore } from './store.ts'

/** What the routes of administrators ask of a service's context. */
export interface AdministratorContext {
  administrators: AdministratorStore
  clock: { now(): number }
}

/** Gives a new administrator a key. It is returned this once; only its hash is kept. */
export async function createAdministrator(
  { administrators, clock }: AdministratorContext,
  { name, scopes, validForSeconds, by }: { name: string; scopes: Scope[]; validForSeconds: number; by: Actor },
): Promise<{ administrator: AdministratorRecord; key: string }> {
  const { token: key, hash: keyHash } = randomToken('key')
  const now = clock.now()
  const administrator: AdministratorRecord = {
    id: randomUUID(),
    name,
    scopes,
    keyHash,
    createdAt: now,
    createdBy: by,
    expiresAt: now + validForSeconds,
    revokedAt: null,
    revokedBy: null,
  }
  await administrators.add(administrator)
  return { administrator, key }
}
