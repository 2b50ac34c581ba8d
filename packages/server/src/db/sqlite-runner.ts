import type { Database as Connection } from 'better-sqlite3'
import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import { outageOf } from './failures.ts'

/**
 * The query runner of a SQLite connection, with three differences from TypeORM's:
 * - it begins IMMEDIATE, so that what a transaction reads cannot be changed by another process before it writes;
 * - when SQLite itself has rolled back (a full disk, an I/O error), it refuses further statements, which would otherwise
 *   be committed one by one, until TypeORM has caught up;
 * - a failed statement's parameters stay out of its error, which ends in a log; an outage is told apart.
 */
export async function guardRunner(source: DataSource): Promise<QueryRunner> {
  const runner = source.createQueryRunner()
  const connection: Connection = await runner.connect()
  const query = runner.query.bind(runner)
  let outage: unknown

  runner.query = (async (sql: string, ...rest: [parameters?: unknown[], structured?: true]) => {
    const gone = runner.isTransactionActive && !connection.inTransaction
    const begins = sql === 'BEGIN TRANSACTION'
    if (gone && !begins) {
      if (sql === 'ROLLBACK') return
      throw outage ?? new Error('SQLite has rolled the transaction back')
    }
    if (begins) outage = undefined
    try {
      return await query(begins ? 'BEGIN IMMEDIATE' : sql, ...(rest as [unknown[], true]))
    } catch (error) {
      if (error instanceof QueryFailedError) Object.assign(error, { parameters: [] })
      outage ??= outageOf(error)
      throw outageOf(error) ?? error
    }
  }) as QueryRunner['query']
  return runner
}
