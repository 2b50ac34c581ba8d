import type { MemoryStore } from '@consulate/sdk'
import type { Database } from '@consulate/server'
import { IssuerMemoryEntity } from './entities.ts'

/** The last evidence of each issuer, on disk: a verifier never goes back behind it, not even over a restart. */
export function createIssuerMemory(database: Database): MemoryStore {
  return {
    load: async (issuer) => (await database.read.findOneBy(IssuerMemoryEntity, { issuer }))?.snapshot,
    save: (issuer, snapshot, { epoch, version }) =>
      database.transaction(
        async (tx) =>
          void (await tx.sql`
            INSERT INTO issuer_memory (issuer, snapshot, epoch, version)
            VALUES (${issuer}, ${snapshot}, ${epoch}, ${version})
            ON CONFLICT (issuer) DO UPDATE
              SET snapshot = excluded.snapshot, epoch = excluded.epoch, version = excluded.version
              WHERE issuer_memory.epoch < excluded.epoch
                OR (issuer_memory.epoch = excluded.epoch AND issuer_memory.version <= excluded.version)`),
      ),
  }
}
