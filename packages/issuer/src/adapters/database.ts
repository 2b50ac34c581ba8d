import { migrations } from '@consulate/migrations/issuer'
import { type Database, type DatabaseOptions, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The issuer's own database, migrated. */
export function openIssuerDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}
