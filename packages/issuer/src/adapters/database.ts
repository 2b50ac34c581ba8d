import { migrations } from '@consulate/migrations/issuer'
import { type Database, type DatabaseOptions, type Migrations, migrationsOf, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The issuer's own database, migrated. */
export function openIssuerDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}

/** The migrations of an issuer's database, to be run apart from a start. */
export function issuerMigrations(url: string): Migrations {
  return migrationsOf({ url, entities, migrations })
}
