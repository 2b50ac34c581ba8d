import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DomainError } from '@consulate/core'
import type { Database as Connection } from 'better-sqlite3'
import { DataSource, type Logger } from 'typeorm'
import type { Database, DatabaseOptions } from './database.ts'
import { guardRunner } from './sqlite-runner.ts'
import { createWriteQueue } from './write-queue.ts'

/** Two connections to one file: the only writer, and a reader that can see nothing uncommitted. */
export async function openSqlite(path: string, options: DatabaseOptions): Promise<Database> {
  const writer = dataSource(path, options, false)
  const reader = dataSource(path, options, true)
  const destroy = async () => {
    if (reader.isInitialized) await reader.destroy()
    if (writer.isInitialized) await writer.destroy()
  }
  try {
    createFile(path)
    await writer.initialize()
    const runner = await guardRunner(writer)
    await migrate(path, writer, options.log)
    await reader.initialize()
    await guardRunner(reader)

    const queue = createWriteQueue(runner)
    return {
      get read() {
        return queue.running() ?? reader.manager
      },
      transaction: queue.transaction,
      async close() {
        await queue.close()
        await destroy()
      },
    }
  } catch (error) {
    await destroy()
    throw error instanceof DomainError ? error : openingFailed(path, error)
  }
}

function dataSource(path: string, { entities, migrations }: DatabaseOptions, readonly: boolean): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: path,
    entities,
    migrations: readonly ? [] : migrations,
    logger: SILENT,
    readonly,
    prepareDatabase(connection: Connection) {
      if (readonly) return
      connection.pragma('journal_mode = WAL')
      // A commit returns only when it is on disk; in WAL mode, less would lose the last ones with the power.
      connection.pragma('synchronous = FULL')
    },
  })
}

/** SQLite gives its journals the permissions of the database itself. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

async function migrate(path: string, writer: DataSource, log: DatabaseOptions['log']): Promise<void> {
  try {
    const executed = await writer.runMigrations({ transaction: 'each' })
    for (const { name } of executed) log?.info(`${path}: migrated by ${name}`)
  } catch (cause) {
    throw new DomainError(
      'unavailable',
      `The database ${path} could not be migrated. Nothing of the failed step was kept: see the log, then start again.`,
      { cause, reason: cause instanceof Error ? cause.message : String(cause) },
    )
  }
}

function openingFailed(path: string, cause: unknown): DomainError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  const fix = FIXES[code] ?? 'see the log for the cause.'
  return new DomainError('unavailable', `The database ${path} cannot be opened (${code}): ${fix}`, { cause })
}

/** Queries carry personal data, and their errors reach whoever asked. */
const SILENT: Logger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
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
