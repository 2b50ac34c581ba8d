import type { MemoryStore } from '@consulate/sdk'
import type { Database } from '@consulate/server'
import { IssuerMemoryEntity } from './entities.ts'

/** The last evidence of each issuer, on disk: a verifier never goes back behind it, not even over a restart. */
export function createIssuerMemory(database: Database): MemoryStore {
  return {
    load: async (issuer) => (await database.read.findOneBy(IssuerMemoryEntity, { issuer }))?.snapshot,
    save: (issuer, snapshot) =>
      database.transaction(async (tx) => void (await tx.save(IssuerMemoryEntity, { issuer, snapshot }))),
  }
}
