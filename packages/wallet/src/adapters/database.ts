import { migrations } from '@consulate/migrations/wallet'
import { type Database, type DatabaseOptions, type Migrations, migrationsOf, openDatabase } from '@consulate/server'
import { entities } from './entities.ts'

/** The wallet's own database, migrated. */
export function openWalletDatabase(options: Pick<DatabaseOptions, 'url' | 'log'>): Promise<Database> {
  return openDatabase({ ...options, entities, migrations })
}

/** The migrations of a wallet's database, to be run apart from a start. */
export function walletMigrations(url: string): Migrations {
  return migrationsOf({ url, entities, migrations })
}
