import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DomainError } from '@consulate/core'
import BetterSqlite3, { type Database as Connection } from 'better-sqlite3'
import { DataSource } from 'typeorm'
import { onceOver } from '../idempotency/once.ts'
import { makeFolder } from '../make-folder.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { codeOf } from './failures.ts'
import { migrate } from './migrate.ts'
import { SILENT } from './silent-logger.ts'
import { guardRunner } from './sqlite-runner.ts'
import { togetherOver } from './together.ts'
import { createUnitsOfWork } from './unit-of-work.ts'
import { createWriteQueue } from './write-queue.ts'

/** Two connections to one file: the only writer, and a reader that can see nothing uncommitted. */
export async function openSqlite(path: string, options: DatabaseOptions): Promise<Database> {
  const writer = await openSqliteSource(path, options)
  try {
    await migrate(writer, path, options.log)
    const reader = await openSqliteSource(path, { ...options, migrations: [] }, 'readonly')
    const units = createUnitsOfWork()
    const queue = createWriteQueue(writer.createQueryRunner(), units)
    const read = () => units.running() ?? reader.manager
    return {
      isShared: false,
      get read() {
        return read()
      },
      transaction: queue.transaction,
      once: onceOver({ transaction: queue.transaction, read }),
      together: togetherOver({ transaction: queue.transaction, read }, units),
      alone: (_name, work) => work(),
      onNotice: () => undefined,
      async close() {
        await queue.close()
        await reader.destroy()
        await writer.destroy()
      },
    }
  } catch (error) {
    await writer.destroy()
    throw error
  }
}

/** @throws DomainError `unavailable`, naming the database and the fix */
export async function openSqliteSource(
  path: string,
  { entities, migrations }: Omit<DatabaseOptions, 'url'>,
  mode?: 'readonly',
): Promise<DataSource> {
  const readonly = mode === 'readonly'
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: BetterSqlite3, // beside TypeORM there may be another version of it, or none
    database: path,
    entities,
    migrations,
    logger: SILENT,
    readonly,
    prepareDatabase(connection: Connection) {
      if (readonly) return
      connection.pragma('journal_mode = WAL')
      // A commit returns only when it is on disk; in WAL mode, less would lose the last ones with the power.
      connection.pragma('synchronous = FULL')
    },
  })
  try {
    if (!readonly) createFile(path)
    await source.initialize()
    // The driver has this one runner and gives it to whoever asks.
    await guardRunner(source)
    return source
  } catch (error) {
    if (source.isInitialized) await source.destroy()
    throw openingFailed(path, error)
  }
}

/** SQLite gives its journals the permissions of the database itself. */
function createFile(path: string): void {
  makeFolder(dirname(path))
  closeSync(openSync(path, 'a', 0o600))
}

function openingFailed(path: string, cause: unknown): DomainError {
  const code = codeOf(cause) || 'unknown error'
  const fix = FIXES[code] ?? 'see the log for the cause.'
  return new DomainError('unavailable', `The database ${path} cannot be opened (${code}): ${fix}`, { cause })
}

const NOT_WRITABLE = 'make the file and its folder writable for this user, or choose another path.'
const NOT_A_FILE = 'a folder of that path does not exist or is a file, or the path is a folder; choose another path.'
const NOT_A_DATABASE = 'it is not an intact SQLite database; choose another path or restore a backup.'

const FIXES: Record<string, string> = {
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
  SQLITE_READONLY: NOT_WRITABLE,
  SQLITE_CANTOPEN: NOT_WRITABLE,
  ENOENT: NOT_A_FILE,
  ENOTDIR: NOT_A_FILE,
  EEXIST: NOT_A_FILE,
  EISDIR: NOT_A_FILE,
  SQLITE_NOTADB: NOT_A_DATABASE,
  SQLITE_CORRUPT: NOT_A_DATABASE,
  SQLITE_BUSY: 'another process is using it; stop that process.',
  ENOSPC: 'the disk is full.',
  SQLITE_FULL: 'the disk is full.',
}
