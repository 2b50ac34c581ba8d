import { join } from 'node:path'
import { createDatabase } from './postgres.ts'

export type DatabaseKind = 'SQLite' | 'PostgreSQL'

/** Where a new, empty database is, for each kind that the services run on. */
export const DATABASES: Record<DatabaseKind, (folder: string, name: string) => Promise<string>> = {
  SQLite: async (folder, name) => `sqlite:${join(folder, `${name}.sqlite`)}`,
  PostgreSQL: createDatabase,
}

/** A suite for each kind of database. */
export function describeOnEach(title: string, suite: (database: DatabaseKind) => void): void {
  for (const kind of Object.keys(DATABASES) as DatabaseKind[]) describe(`${title}, on ${kind}`, () => suite(kind))
}
