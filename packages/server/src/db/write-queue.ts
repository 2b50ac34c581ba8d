import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import type { QueryRunner } from 'typeorm'
import type { Database } from './database.ts'
import { notSaved, stopping } from './failures.ts'
import { type Answer, type Member, runInSavepoint } from './savepoint.ts'
import type { UnitsOfWork } from './unit-of-work.ts'

/** Bounds how long one group holds the thread. */
const GROUP_LIMIT = 128

/**
 * One writer, one fsync for many: whatever waits is run one after another inside one transaction, each in a savepoint
 * of its own, and is acknowledged after the common COMMIT.
 */
export function createWriteQueue(runner: QueryRunner, units: UnitsOfWork): Pick<Database, 'transaction' | 'close'> {
  const waiting: Member[] = []
  let pumping: Promise<void> | undefined
  let closed = false

  async function pump(): Promise<void> {
    while (waiting.length > 0) {
      await arrivals()
      await commitGroup(runner, waiting.splice(0, GROUP_LIMIT))
    }
    pumping = undefined
  }

  /** Requests that arrived while the last group was written join this one, as long as each turn brings more of them. */
  async function arrivals(): Promise<void> {
    let before: number
    do {
      before = waiting.length
      await nextTurn()
    } while (waiting.length > before && waiting.length < GROUP_LIMIT)
  }

  return {
    async transaction(work) {
      const joined = units.join(work)
      if (joined) return joined
      if (closed) throw stopping()
      return new Promise((resolve, reject) => {
        const inCallersContext = AsyncLocalStorage.bind(() => units.run(runner.manager, work))
        waiting.push({
          reject,
          run: async () => {
            const value = await inCallersContext()
            return () => resolve(value)
          },
        })
        pumping ??= pump()
      })
    },
    async close() {
      closed = true
      await pumping
    },
  }
}

async function commitGroup(runner: QueryRunner, group: Member[]): Promise<void> {
  const answers: Answer[] = []
  try {
    await runner.startTransaction()
    for (const member of group) answers.push(await runInSavepoint(runner, member))
    await runner.commitTransaction()
  } catch (cause) {
    await runner.rollbackTransaction().catch(() => {})
    const failure = cause instanceof DomainError ? cause : notSaved(cause)
    for (const member of group) member.reject(failure)
    return
  }
  for (const answer of answers) answer()
}
