import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import type { EntityManager, QueryRunner } from 'typeorm'
import type { Database } from './database.ts'

/** Bounds how long one group holds the thread. */
const GROUP_LIMIT = 128

export interface WriteQueue extends Pick<Database, 'transaction' | 'close'> {
  /** The transaction that the caller runs in, if any. */
  running(): EntityManager | undefined
}

/**
 * One writer, one fsync for many: whatever waits is run one after another inside one transaction, each in a savepoint
 * of its own, and is acknowledged after the common COMMIT.
 */
export function createWriteQueue(runner: QueryRunner): WriteQueue {
  const context = new AsyncLocalStorage<Unit>()
  const waiting: Waiting[] = []
  let pumping: Promise<void> | undefined
  let closed = false

  // What a transaction left running outlives it, and must not write into the next one.
  const current = () => (context.getStore()?.open ? context.getStore() : undefined)

  async function transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const outer = current()
    if (outer) return join(outer, runner.manager, work)
    if (closed) throw new DomainError('unavailable', 'The service is stopping: try again when it is back.')

    return new Promise<T>((resolve, reject) => {
      const unit: Unit = { open: true }
      const inCallersContext = AsyncLocalStorage.bind(() =>
        context.run(unit, () => runUnit(unit, runner.manager, work)),
      )
      waiting.push({
        reject,
        run: async () => {
          const value = await inCallersContext()
          return () => resolve(value)
        },
      })
      pumping ??= pump()
    })
  }

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      // Requests that arrived while the last group was written join this one.
      await nextTurn()
      await commitGroup(runner, waiting.splice(0, GROUP_LIMIT))
    }
    pumping = undefined
  }

  return {
    transaction,
    running: () => (current() ? runner.manager : undefined),
    async close() {
      closed = true
      await pumping
    },
  }
}

interface Waiting {
  run(): Promise<Answer>
  reject(error: unknown): void
}

/** Tells a caller how its transaction ended; held back until the COMMIT. */
type Answer = () => void

/** A transaction as its caller sees it. */
interface Unit {
  open: boolean
  failure?: { error: unknown }
}

async function runUnit<T>(unit: Unit, tx: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  try {
    const value = await work(tx)
    if (unit.failure) throw unit.failure.error
    return value
  } finally {
    unit.open = false
  }
}

async function join<T>(outer: Unit, tx: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await work(tx)
  } catch (error) {
    // Half of it may be written: as in PostgreSQL, there is nothing left to commit.
    outer.failure ??= { error }
    throw error
  }
}

async function commitGroup(runner: QueryRunner, group: Waiting[]): Promise<void> {
  const answers: Answer[] = []
  try {
    await runner.startTransaction()
    for (const member of group) answers.push(await runInSavepoint(runner, member))
    await runner.commitTransaction()
  } catch (cause) {
    await runner.rollbackTransaction().catch(() => {})
    for (const member of group) member.reject(notSaved(cause))
    return
  }
  for (const answer of answers) answer()
}

async function runInSavepoint(runner: QueryRunner, member: Waiting): Promise<Answer> {
  await runner.startTransaction()
  try {
    const answer = await member.run()
    await runner.commitTransaction()
    return answer
  } catch (error) {
    await runner.rollbackTransaction()
    return () => member.reject(error)
  }
}

function notSaved(cause: unknown): DomainError {
  return new DomainError('unavailable', 'The change could not be saved and was undone: try again later.', {
    cause,
    reason: cause instanceof Error ? cause.message : String(cause),
  })
}
