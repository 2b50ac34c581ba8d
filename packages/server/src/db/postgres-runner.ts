import { type DataSource, QueryFailedError, type QueryRunner } from 'typeorm'
import { outageOf } from './failures.ts'

/** Makes every query runner of a PostgreSQL source tell outages apart, and keep values out of what ends in a log. */
export function guardRunners(source: DataSource): void {
  const create = source.createQueryRunner.bind(source)
  source.createQueryRunner = (mode) => guard(create(mode))
}

function guard(runner: QueryRunner): QueryRunner {
  const query = runner.query.bind(runner)
  runner.query = (async (sql: string, ...rest: [parameters?: unknown[], structured?: true]) => {
    try {
      return await query(sql, ...(rest as [unknown[], true]))
    } catch (error) {
      if (error instanceof QueryFailedError) {
        Object.assign(error, { parameters: [] })
        Object.assign(error.driverError, { detail: undefined, where: undefined })
      }
      throw outageOf(error) ?? error
    }
  }) as QueryRunner['query']
  return runner
}
