import { DomainError } from '@consulate/core'
import type { DataSource } from 'typeorm'
import type { Database, DatabaseOptions } from './database.ts'
import { openPostgres, openPostgresSource } from './postgres.ts'
import { openSqlite, openSqliteSource } from './sqlite.ts'

/**
 * Opens a database and runs its pending migrations.
 *
 * @throws DomainError `unavailable`, naming the database and the fix.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const path = sqlitePath(options.url)
  return path === undefined ? openPostgres(options.url, options) : openSqlite(path, options)
}

/** The database without any rule of ours about how it is used; nothing is migrated. */
export async function openSource(options: DatabaseOptions): Promise<DataSource> {
  const path = sqlitePath(options.url)
  return path === undefined ? openPostgresSource(options.url, options) : openSqliteSource(path, options)
}

/** Undefined for PostgreSQL. */
function sqlitePath(url: string): string | undefined {
  const { scheme, path } = /^(?<scheme>[a-z]+):(?<path>.*)$/s.exec(url)?.groups ?? {}
  if (scheme === 'sqlite' && path && path !== ':memory:') return path
  if (scheme === 'postgres' || scheme === 'postgresql') return undefined
  throw new DomainError(
    'unavailable',
    'The database URL is not understood: expected sqlite:PATH with a file path, or postgres://USER:PASSWORD@HOST/DATABASE.',
  )
}
