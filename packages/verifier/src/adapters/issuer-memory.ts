import type { MemoryStore } from '@consulate/sdk'
import type { Database } from '@consulate/server'
import { IsNull } from 'typeorm'
import type { Clock } from '../ports.ts'
import { EquivocationEntity, IssuerMemoryEntity } from './entities.ts'

/** The last evidence of each issuer, on disk: a verifier never goes back behind it, not even over a restart. */
export function createIssuerMemory(database: Database, { now }: Clock): MemoryStore {
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
    convict: (issuer, { epoch, heads }, again) =>
      database.transaction(async (tx) => {
        await tx.sql`
          INSERT INTO equivocation (issuer, epoch, heads, found_at)
          VALUES (${issuer}, ${epoch}, ${JSON.stringify(heads)}, ${now()})
          ON CONFLICT (issuer, epoch) DO NOTHING`
        if (again === undefined)
          await tx.update(EquivocationEntity, { issuer, epoch }, { clearedAt: null, clearedBy: null })
      }),
    convictedEpoch: async (issuer) =>
      (
        await database.read.findOne(EquivocationEntity, {
          where: { issuer, clearedAt: IsNull() },
          order: { epoch: 'DESC' },
        })
      )?.epoch,
  }
}
