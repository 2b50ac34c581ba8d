import { AsyncLocalStorage } from 'node:async_hooks'
import { Gauge, Histogram, type Registry } from 'prom-client'
import type { Database } from '../../db/database.ts'
import { onceOver } from '../../idempotency/once.ts'
import { currentScope } from '../request-scope.ts'

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The same database, each of its transactions counted, timed and traced. */
export function observeDatabase(database: Database, registry: Registry): Database {
  const inside = new AsyncLocalStorage<true>()
  let open = 0
  const durations = new Histogram({
    name: 'consulate_database_transaction_seconds',
    help: 'Transactions, from being asked for until they are on disk or undone, waiting for the writer included.',
    labelNames: ['outcome'],
    buckets: BUCKETS,
    registers: [registry],
  })
  new Gauge({
    name: 'consulate_database_transactions_pending',
    help: 'Transactions that wait or are under way.',
    registers: [registry],
    collect() {
      this.set(open)
    },
  })
  registerPool(database, registry)

  const transaction: Database['transaction'] = async (work) => {
    if (inside.getStore()) return database.transaction(work)
    const span = currentScope()?.trace?.child('database transaction', 'internal')
    const stop = durations.startTimer()
    let outcome: 'committed' | 'undone' = 'undone'
    open += 1
    try {
      const value = await inside.run(true, () => database.transaction(work))
      outcome = 'committed'
      return value
    } finally {
      open -= 1
      stop({ outcome })
      span?.end({ failed: outcome === 'undone' })
    }
  }
  return {
    ...database,
    get read() {
      return database.read
    },
    transaction,
    once: onceOver({ transaction, read: () => database.read }),
  }
}

/** The pool of PostgreSQL's driver; SQLite has none. */
interface Pool {
  totalCount: number
  idleCount: number
  waitingCount: number
}

function registerPool(database: Database, registry: Registry): void {
  const { master: pool } = database.read.dataSource.driver as { master?: Partial<Pool> }
  if (!isPool(pool)) return
  new Gauge({
    name: 'consulate_database_pool_connections',
    help: 'Connections to the database that are idle or in use, and callers that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'waited_for' }, pool.waitingCount)
    },
  })
}

function isPool(pool: Partial<Pool> | undefined): pool is Pool {
  return typeof pool?.totalCount === 'number'
}
