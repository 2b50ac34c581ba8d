import { migrations } from '@consulate/migrations/verifier'
import { type Database, type DatabaseOptions, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The verifier's own database, migrated. */
export function openVerifierDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}
