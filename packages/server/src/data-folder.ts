import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DomainError } from '@consulate/core'
import Sqlite from 'better-sqlite3'
import { makeFolder } from './make-folder.ts'

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(path: string, content: string): void {
  makeFolder(dirname(path))
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  writeFileSync(temporary, content, { mode: 0o600, flush: true })
  renameSync(temporary, path)
}

/** The content of a private file, made at the first call and kept. */
export function keepInFile(path: string, make: () => string): { value: string; made: boolean } {
  if (existsSync(path)) return { value: readFileSync(path, 'utf8').trim(), made: false }
  const value = make()
  writePrivateFile(path, `${value}\n`)
  return { value, made: true }
}

/**
 * Claims a data folder for this process until `release` or the process's end, however it ends: the operating system
 * drops the lock that SQLite holds on the file.
 */
export function claimDataFolder(folder: string): { release(): void } {
  try {
    makeFolder(folder)
    const lock = new Sqlite(join(folder, 'lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return { release: () => void lock.close() }
  } catch (error) {
    const { code } = error as { code?: string }
    const message = code?.startsWith('SQLITE_BUSY')
      ? `Another Consulate is running with the data folder ${folder}; stop it or set CONSULATE_DATA to another folder.`
      : `The data folder ${folder} cannot be used (${code ?? 'unknown error'}); check that it may be written.`
    throw new DomainError('unavailable', message, { cause: error })
  }
}
