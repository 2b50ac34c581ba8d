import { AsyncLocalStorage } from 'node:async_hooks'
import type { EntityManager } from 'typeorm'
import { onceOver } from '../idempotency/once.ts'
import type { Database, Frame } from './database.ts'
import { isBrokenOff } from './failures.ts'
import { type Answer, type Member, runInSavepoint } from './savepoint.ts'
import type { UnitsOfWork } from './unit-of-work.ts'

/** Bounds how long one group holds what it locks. */
const GROUP_LIMIT = 128

type Join<Shared> = <T>(work: (tx: EntityManager, shared: Shared) => Promise<T>) => Promise<T>

/** `together` on top of a database's transactions. */
export function togetherOver(
  { transaction, read }: Pick<Database, 'transaction'> & { read(): EntityManager },
  units: UnitsOfWork,
): Database['together'] {
  return <Shared extends { parts: unknown[] }>(frame: Frame<Shared>) => {
    const join = joinGroups(transaction, units, frame)
    return <T>(work: (tx: EntityManager, shared: Shared) => Promise<T>) => {
      let shared: Shared
      const joined: Database['transaction'] = (inner) =>
        join((tx, given) => {
          shared = given
          return inner(tx)
        })
      return onceOver({ transaction: joined, read })((tx) => work(tx, shared))
    }
  }
}

interface Waiting<Shared> {
  run(tx: EntityManager, shared: Shared): Promise<Answer>
  reject(error: unknown): void
}

function joinGroups<Shared extends { parts: unknown[] }>(
  transaction: Database['transaction'],
  units: UnitsOfWork,
  { begin, end }: Frame<Shared>,
): Join<Shared> {
  const waiting: Waiting<Shared>[] = []
  let pumping = false

  async function pump(): Promise<void> {
    while (waiting.length > 0) await commitGroup()
    pumping = false
  }

  async function commitGroup(): Promise<void> {
    const group: Waiting<Shared>[] = []
    let answers: Answer[] = []
    try {
      await transaction(async (tx) => {
        const shared = await begin(tx)
        // Whoever came while this transaction waited for its turn comes along.
        group.push(...waiting.splice(0, GROUP_LIMIT - group.length))
        answers = []
        for (const each of group) answers.push(await runInGroup(tx, shared, each))
        await end(tx, shared)
      })
    } catch (error) {
      if (group.length === 0) group.push(...waiting.splice(0, GROUP_LIMIT))
      for (const { reject } of group) reject(error)
      return
    }
    for (const answer of answers) answer()
  }

  return (work) => {
    if (units.running()) throw new Error('what shares a transaction is not part of another one')
    return new Promise((resolve, reject) => {
      const inCallersContext = AsyncLocalStorage.bind((tx: EntityManager, shared: Shared) =>
        units.run(tx, (own) => work(own, shared)),
      )
      waiting.push({
        reject,
        async run(tx, shared) {
          const value = await inCallersContext(tx, shared)
          return () => resolve(value)
        },
      })
      if (pumping) return
      pumping = true
      void pump()
    })
  }
}

async function runInGroup<Shared extends { parts: unknown[] }>(
  tx: EntityManager,
  shared: Shared,
  { run, reject }: Waiting<Shared>,
): Promise<Answer> {
  const before = shared.parts.length
  let brokenOff: unknown
  const member: Member = {
    reject,
    run: () =>
      run(tx, shared).catch((error: unknown) => {
        shared.parts.length = before
        if (isBrokenOff(error)) brokenOff = error
        throw error
      }),
  }
  const answer = await runInSavepoint(tx.queryRunner!, member)
  if (brokenOff) throw brokenOff
  return answer
}
