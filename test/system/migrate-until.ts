import { DataSource, type Logger, type MigrationInterface } from 'typeorm'

const BROKEN_OFF = new Error('broken off')

/**
 * Runs migrations as a start does, and sends nothing any more from the n-th statement on, as if the process had ended there:
 * what is open is left to the database. True when all was done before.
 */
export async function migrateUntil(
  url: string,
  migrations: (new () => MigrationInterface)[],
  statement: number,
): Promise<boolean> {
  let left = statement
  const nothing = () => undefined
  const logger: Logger = {
    logQuery() {
      left -= 1
      if (left <= 0) throw BROKEN_OFF
    },
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  }
  const database = url.startsWith('sqlite:')
    ? ({ type: 'better-sqlite3', database: url.slice('sqlite:'.length) } as const)
    : ({ type: 'postgres', url } as const)
  const source = new DataSource({ ...database, migrations, logging: true, logger })
  try {
    await source.initialize()
    await source.runMigrations({ transaction: 'each' })
    return true
  } catch (error) {
    if (error !== BROKEN_OFF) throw error
    return false
  } finally {
    if (source.isInitialized) await source.destroy()
  }
}
