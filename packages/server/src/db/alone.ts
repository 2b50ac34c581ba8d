import type { DataSource } from 'typeorm'

/** An advisory lock of a session: it outlives transactions and ends with the connection. */
export async function alone<T>(
  source: DataSource,
  name: string,
  work: () => Promise<T>,
  ifFree?: 'ifFree',
): Promise<T | undefined> {
  const runner = source.createQueryRunner()
  const lock = ifFree ? 'pg_try_advisory_lock' : 'pg_advisory_lock'
  let held = false
  try {
    await runner.query('SET statement_timeout = 0')
    const [row] = await runner.query(`SELECT ${lock}(hashtextextended($1, 1)) AS held`, [name])
    held = row.held !== false
    return held ? await work() : undefined
  } finally {
    if (held) await runner.query('SELECT pg_advisory_unlock(hashtextextended($1, 1))', [name]).catch(() => undefined)
    await runner.query('RESET statement_timeout').catch(() => undefined)
    await runner.release()
  }
}
