import type { DatabaseOptions } from './database.ts'
import { type MigrationState, migrate, migrateDown, readMigrations } from './migrate.ts'
import { openSource } from './open-database.ts'

/** The migrations of one database, for deployments that migrate apart from starting. */
export interface Migrations {
  status(): Promise<MigrationState[]>
  /** Resolves to the names of those that were pending. */
  up(): Promise<string[]>
  /** Takes back those newer than `version`, with what only they keep; 0 stands for all. */
  down(version: number): Promise<string[]>
}

/** @throws DomainError `unavailable` from each of its functions when the database cannot be opened or changed */
export function migrationsOf(options: DatabaseOptions): Migrations {
  const within = async <T>(work: (source: Awaited<ReturnType<typeof openSource>>) => Promise<T>): Promise<T> => {
    const source = await openSource(options)
    try {
      return await work(source)
    } finally {
      await source.destroy()
    }
  }
  return {
    status: () => within(readMigrations),
    up: () => within((source) => migrate(source, 'at hand', undefined)),
    down: (version) => within((source) => migrateDown(source, version)),
  }
}
