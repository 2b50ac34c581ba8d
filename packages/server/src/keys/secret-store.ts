import { randomBytes } from 'node:crypto'
import type { EntityManager } from 'typeorm'
import type { Database } from '../db/database.ts'
import { SealedSecret } from './entities.ts'
import type { SealContext, Sealer } from './sealer.ts'

/** Random secrets of a service, such as a MAC key or the key of a permutation: made once, kept sealed. */
export interface SecretStore {
  /** The 32-byte secret of that name; the first caller makes it. */
  getOrCreate(kind: string, id: string): Promise<Buffer>
}

const LENGTH = 32
const VERSION = 1

export function createSecretStore(database: Database, sealer: Sealer): SecretStore {
  async function find(from: EntityManager, kind: string, id: string): Promise<Buffer | undefined> {
    const row = await from.findOneBy(SealedSecret, { kind, id })
    return row ? sealer.open(contextOf(kind, id, row.version), row.sealed) : undefined
  }

  async function create(tx: EntityManager, kind: string, id: string): Promise<Buffer | undefined> {
    const sealed = sealer.seal(contextOf(kind, id, VERSION), randomBytes(LENGTH))
    await tx.sql`
      INSERT INTO sealed_secret (kind, id, version, sealed) VALUES (${kind}, ${id}, ${VERSION}, ${sealed})
      ON CONFLICT (kind, id) DO NOTHING`
    return find(tx, kind, id)
  }

  return {
    async getOrCreate(kind, id) {
      const known = await find(database.read, kind, id)
      return (known ?? (await database.transaction((tx) => create(tx, kind, id))))!
    },
  }
}

function contextOf(kind: string, id: string, version: number): SealContext {
  return { kind: `secret:${kind}`, owner: 'service', id, version }
}
