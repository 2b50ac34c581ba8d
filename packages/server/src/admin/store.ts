import { IsNull } from 'typeorm'
import type { Database } from '../db/database.ts'
import { findPage, type Page } from '../db/find-page.ts'
import type { Actor } from './administrator.ts'
import { AdministratorEntity } from './entity.ts'
import type { AdministratorRecord } from './record.ts'

/** The holders of API keys. Every write is on disk when it returns; reads see what any instance has committed. */
export interface AdministratorStore extends Pick<Database, 'once'> {
  add(administrator: AdministratorRecord): Promise<void>
  findByKeyHash(keyHash: string): Promise<AdministratorRecord | undefined>
  /** Those after this id, in the order of ids, whether their keys still work or not. */
  list(page: Page): Promise<AdministratorRecord[]>
  /** Keeps the first revocation; false when there is no such administrator. */
  revoke(id: string, by: Actor, now: number): Promise<boolean>
}

export function createAdministratorStore(database: Database): AdministratorStore {
  return {
    once: database.once,
    add: (administrator) =>
      database.transaction(async (tx) => void (await tx.insert(AdministratorEntity, administrator))),
    findByKeyHash: async (keyHash) => (await database.read.findOneBy(AdministratorEntity, { keyHash })) ?? undefined,
    list: (page) => findPage(database.read, AdministratorEntity, 'id', page),
    revoke: (id, by, now) =>
      database.transaction(async (tx) => {
        await tx.update(AdministratorEntity, { id, revokedAt: IsNull() }, { revokedAt: now, revokedBy: by })
        return tx.existsBy(AdministratorEntity, { id })
      }),
  }
}
