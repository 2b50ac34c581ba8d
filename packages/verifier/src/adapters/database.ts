import { migrations } from '@consulate/migrations/verifier'
import { type Database, type DatabaseOptions, type Migrations, migrationsOf, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The verifier's own database, migrated. */
export function openVerifierDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}

/** The migrations of a verifier's database, to be run apart from a start. */
export function verifierMigrations(url: string): Migrations {
  return migrationsOf({ url, entities, migrations })
}
