import { QueryFailedError } from 'typeorm'

/** Whether a write was refused because the value is taken; in SQLite and in PostgreSQL. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false
  const { code } = error.driverError as { code?: unknown }
  return typeof code === 'string' && TAKEN.has(code)
}

const TAKEN = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', '23505'])
