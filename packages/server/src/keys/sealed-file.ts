import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** The path of a SQLite database that a root key has sealed already, or that cannot be read; undefined for any other. */
export function sealedFile(databaseUrl: string): string | undefined {
  const [, path] = /^sqlite:(.*)$/s.exec(databaseUrl) ?? []
  return path && existsSync(path) && isSealed(path) ? path : undefined
}

/** Migrations alone seal nothing. */
function isSealed(path: string): boolean {
  try {
    const database = new Sqlite(path, { readonly: true })
    try {
      const table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sealed_secret'").get()
      return table !== undefined && database.prepare('SELECT 1 FROM sealed_secret LIMIT 1').get() !== undefined
    } finally {
      database.close()
    }
  } catch {
    return true
  }
}
