import { join } from 'node:path'
import { createDatabase } from './postgres.ts'

/** Where a new, empty database is, for each kind that the services run on. */
export const DATABASES: Record<'SQLite' | 'PostgreSQL', (folder: string, name: string) => Promise<string>> = {
  SQLite: async (folder, name) => `sqlite:${join(folder, `${name}.sqlite`)}`,
  PostgreSQL: createDatabase,
}
