import type { PoolClient } from 'pg'
import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import { outageOf } from './failures.ts'

/**
 * Makes every query runner of a PostgreSQL source tell outages apart, keep values out of what ends in a log, and give up
 * a connection on which a statement is not answered in time.
 */
export function guardRunners(source: DataSource, answerMs?: number): void {
  const create = source.createQueryRunner.bind(source)
  source.createQueryRunner = (mode) => guard(create(mode), answerMs)
}

/** Waits its turn, however long that takes. */
const WAITING = /^SELECT pg_advisory_lock\(/

function guard(runner: QueryRunner, answerMs: number | undefined): QueryRunner {
  const query = runner.query.bind(runner)
  runner.query = (async (sql: string, ...rest: [parameters?: unknown[], structured?: true]) => {
    let overdue: NodeJS.Timeout | undefined
    try {
      const connection: PoolClient = await runner.connect()
      // What runs on a client that is ended fails at once, and the pool opens another.
      if (answerMs !== undefined && !WAITING.test(sql)) overdue = setTimeout(() => void connection.end(), answerMs)
      return await query(sql, ...(rest as [unknown[], true]))
    } catch (error) {
      if (error instanceof QueryFailedError) {
        Object.assign(error, { parameters: [] })
        Object.assign(error.driverError, { detail: undefined, where: undefined })
      }
      throw outageOf(error) ?? error
    } finally {
      clearTimeout(overdue)
    }
  }) as QueryRunner['query']
  return runner
}
