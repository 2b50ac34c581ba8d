import pg from 'pg'
import { EntitySchema } from 'typeorm'

const INT8 = 20

/** Gives 64-bit integers as numbers, as SQLite does; all of ours stay below 2^53. */
export const numericTypes = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** The same entity in PostgreSQL's words: bytes are `bytea` there. */
export function forPostgres(entity: EntitySchema): EntitySchema {
  const columns = Object.entries(entity.options.columns).map(([name, column]) => [
    name,
    column?.type === 'blob' ? { ...column, type: 'bytea' } : column,
  ])
  return new EntitySchema({ ...entity.options, columns: Object.fromEntries(columns) })
}
