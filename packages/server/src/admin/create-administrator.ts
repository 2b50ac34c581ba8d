import { randomUUID } from 'node:crypto'
import { randomToken } from '../random-token.ts'
import type { Actor } from './administrator.ts'
import type { Scope } from './scope.ts'
import type { AdministratorStore } from './store.ts'

/** What the routes of administrators ask of a service's context. */
export interface AdministratorContext {
  administrators: AdministratorStore
  clock: { now(): number }
}

export interface NewAdministrator {
  id: string
  name: string
  scopes: Scope[]
  /** Seconds since 1970. */
  expiresAt: number
  /** Absent when the request is a repeated one: it was shown. */
  key?: string
}

/** Gives a new administrator a key. It is returned this once; only its hash is kept. */
export async function createAdministrator(
  { administrators, clock }: AdministratorContext,
  { name, scopes, validForSeconds, by }: { name: string; scopes: Scope[]; validForSeconds: number; by: Actor },
): Promise<NewAdministrator> {
  const { token: key, hash: keyHash } = randomToken('key')
  const { value: administrator, replayed } = await administrators.once(async () => {
    const createdAt = clock.now()
    const created = { id: randomUUID(), name, scopes, expiresAt: createdAt + validForSeconds }
    const unrevoked = { revokedAt: null, revokedBy: null }
    await administrators.add({ ...created, keyHash, createdAt, createdBy: by, ...unrevoked })
    return created
  })
  return replayed ? administrator : { ...administrator, key }
}
