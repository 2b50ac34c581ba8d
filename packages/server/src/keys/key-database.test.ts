import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { keyEntities } from '../veramo/entities.ts'
import { createSealer, type Sealer } from './sealer.ts'

export interface KeyDatabase {
  database: Database
  sealer: Sealer
  folder: string
  reopen(): Promise<void>
}

/** For each test of the suite it is called in, a new database of keys under a new root key. */
export function useKeyDatabase(): KeyDatabase {
  const current = {
    async reopen() {
      await current.database.close()
      await open()
    },
  } as KeyDatabase

  async function open(): Promise<void> {
    current.database = await openDatabase({
      url: `sqlite:${join(current.folder, 'keys.sqlite')}`,
      entities: keyEntities,
      migrations: [CreateEntities1700000000000],
    })
  }

  beforeEach(async () => {
    current.folder = mkdtempSync(join(tmpdir(), 'consulate-keys-'))
    current.sealer = createSealer(randomBytes(32))
    await open()
  })

  afterEach(async () => {
    await current.database.close()
    rmSync(current.folder, { recursive: true })
  })

  return current
}

class CreateEntities1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    const { upQueries } = await queryRunner.dataSource.driver.createSchemaBuilder().log()
    for (const { query, parameters } of upQueries) await queryRunner.query(query, parameters)
  }

  async down(): Promise<void> {}
}
