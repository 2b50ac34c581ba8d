import { DomainError } from '@consulate/core'
import { DataSource } from 'typeorm'
import { onceOver } from '../idempotency/once.ts'
import { alone } from './alone.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { databaseName } from './database-name.ts'
import { codeOf, isBrokenOff, stopping } from './failures.ts'
import { migrate } from './migrate.ts'
import { listenToPostgres } from './postgres-notices.ts'
import { guardRunners } from './postgres-runner.ts'
import { forPostgres, numericTypes } from './postgres-types.ts'
import { SILENT } from './silent-logger.ts'
import { togetherOver } from './together.ts'
import { createUnitsOfWork, type UnitsOfWork } from './unit-of-work.ts'

const CONNECTIONS = 16
const CONNECT_MS = 3_000
/** For one statement, by the server's clock, waiting for locks included. */
const STATEMENT_MS = 5_000
/** The same by ours: a server that stands still, or behind a broken network, keeps no time. */
const ANSWER_MS = 6_000

/** Attempts at a transaction that PostgreSQL broke off because it stood in another's way. */
const ATTEMPTS = 5

/** One PostgreSQL database, shared by every instance of the service. */
export async function openPostgres(url: string, options: DatabaseOptions): Promise<Database> {
  const unhurried = await openPostgresSource(url, options)
  await migrate(unhurried, databaseName(url), options.log).finally(() => unhurried.destroy())
  const source = await openPostgresSource(url, options, 'prompt')
  const units = createUnitsOfWork()
  const running = new Set<Promise<unknown>>()
  const notices = listenToPostgres(url, options.log)
  let closed = false
  const read = () => units.running() ?? source.manager
  const transaction: Database['transaction'] = async (work) => {
    const joined = units.join(work)
    if (joined) return joined
    if (closed) throw stopping()
    const attempt = runTransaction(source, units, work)
    running.add(attempt)
    return attempt.finally(() => running.delete(attempt))
  }
  return {
    isShared: true,
    get read() {
      return read()
    },
    transaction,
    once: onceOver({ transaction, read }),
    together: togetherOver({ transaction, read }, units),
    alone: (name, work, ifFree) => alone(source, name, work, ifFree),
    onNotice: notices.on,
    async close() {
      closed = true
      await Promise.allSettled(running)
      await notices.close()
      await source.destroy()
    },
  }
}

/**
 * Statements take as long as they need, as migrations do, unless `prompt`.
 *
 * @throws DomainError `unavailable`, naming the database and the fix
 */
export async function openPostgresSource(
  url: string,
  { entities, migrations }: Omit<DatabaseOptions, 'url'>,
  pace?: 'prompt',
): Promise<DataSource> {
  const limitMs = pace === 'prompt' ? STATEMENT_MS : 0
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: entities.map(forPostgres),
    migrations,
    logger: SILENT,
    poolErrorHandler: () => undefined,
    poolSize: CONNECTIONS,
    connectTimeoutMS: CONNECT_MS,
    applicationName: 'consulate',
    extra: {
      types: numericTypes,
      // A commit returns only when it is on disk, whatever the server's default is.
      options: `-c synchronous_commit=on -c statement_timeout=${limitMs} -c idle_in_transaction_session_timeout=${limitMs}`,
      keepAlive: true,
    },
  })
  guardRunners(source, pace === 'prompt' ? ANSWER_MS : undefined)
  await source.initialize().catch((error: unknown) => {
    throw openingFailed(url, error)
  })
  return source
}

async function runTransaction<T>(
  source: DataSource,
  units: UnitsOfWork,
  work: Parameters<typeof units.run<T>>[1],
  attempt = 1,
): Promise<T> {
  const runner = source.createQueryRunner()
  try {
    await runner.startTransaction('READ COMMITTED')
    const value = await units.run(runner.manager, work)
    await runner.commitTransaction()
    return value
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined)
    if (attempt >= ATTEMPTS || !isBrokenOff(error)) throw error
  } finally {
    await runner.release()
  }
  return runTransaction(source, units, work, attempt + 1)
}

function openingFailed(url: string, error: unknown): DomainError {
  const cause = error instanceof DomainError ? error.cause : error
  const code = codeOf(cause) || 'no answer'
  const fix = FIXES[code] ?? 'see that the server runs, that the address is right and that it lets this host in.'
  return new DomainError('unavailable', `The database ${databaseName(url)} cannot be opened (${code}): ${fix}`, {
    cause,
  })
}

const FIXES: Record<string, string> = {
  '28P01': 'the password or the user is wrong.',
  '28000': 'the user may not log in from this host.',
  '3D000': 'there is no such database; create it first.',
}
