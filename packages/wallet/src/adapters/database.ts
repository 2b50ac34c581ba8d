import { migrations } from '@consulate/migrations/wallet'
import { type Database, type DatabaseOptions, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The wallet's own database, migrated. */
export function openWalletDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}
