import { DomainError } from '@consulate/core'
import type { Database, DatabaseOptions } from './database.ts'
import { openSqlite } from './sqlite.ts'

/**
 * Opens a database and runs its pending migrations.
 *
 * @throws DomainError `unavailable`, naming the database and the fix.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { scheme, path } = /^(?<scheme>[a-z]+):(?<path>.*)$/s.exec(options.url)?.groups ?? {}
  if (scheme === 'sqlite' && path && path !== ':memory:') return openSqlite(path, options)
  if (scheme === 'postgres' || scheme === 'postgresql') {
    throw new DomainError('unavailable', 'PostgreSQL is not supported yet: use a database URL of the form sqlite:PATH.')
  }
  throw new DomainError('unavailable', 'The database URL is not understood: expected sqlite:PATH with a file path.')
}
