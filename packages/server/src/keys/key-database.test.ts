import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { DATABASES } from '../../../../test/system/databases.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { keyEntities } from '../veramo/entities.ts'
import { createSealer, type Sealer } from './sealer.ts'

export interface KeyDatabase {
  /** SQLite or PostgreSQL. */
  kind: string
  database: Database
  sealer: Sealer
  folder: string
  reopen(): Promise<void>
}

/** A suite on each kind of database: every test has a new one, for keys under a new root key. */
export function describeWithKeys(title: string, suite: (keys: KeyDatabase) => void): void {
  for (const [kind, newDatabase] of Object.entries(DATABASES))
    describe(`${title} on ${kind}`, () => suite(useKeyDatabase(kind, newDatabase)))
}

function useKeyDatabase(kind: string, newDatabase: (folder: string, name: string) => Promise<string>): KeyDatabase {
  let url: string
  const current = {
    kind,
    async reopen() {
      await current.database.close()
      await open()
    },
  } as KeyDatabase

  async function open(): Promise<void> {
    current.database = await openDatabase({
      url,
      entities: keyEntities,
      migrations: [CreateEntities1700000000000],
    })
  }

  beforeEach(async () => {
    current.folder = mkdtempSync(join(tmpdir(), 'consulate-keys-'))
    current.sealer = createSealer(randomBytes(32))
    url = await newDatabase(current.folder, 'keys')
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
