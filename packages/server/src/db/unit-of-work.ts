import { AsyncLocalStorage } from 'node:async_hooks'
import type { EntityManager } from 'typeorm'

/** A transaction as its caller sees it. */
interface Unit {
  open: boolean
  tx: EntityManager
  failure?: { error: unknown }
}

export interface UnitsOfWork {
  /** The transaction that the caller runs in, if any. */
  running(): EntityManager | undefined
  /** Runs `work` in the caller's transaction, when there is one; otherwise undefined. */
  join<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> | undefined
  /** Runs `work` as a transaction of its own; calls from inside find and join it. */
  run<T>(tx: EntityManager, work: (tx: EntityManager) => Promise<T>): Promise<T>
}

/** Lets a transaction be found by whatever runs within it, so that a call within a call joins the outer one. */
export function createUnitsOfWork(): UnitsOfWork {
  const context = new AsyncLocalStorage<Unit>()

  // What a transaction left running outlives it, and must not write into the next one.
  const current = () => (context.getStore()?.open ? context.getStore() : undefined)

  return {
    running: () => current()?.tx,
    join(work) {
      const outer = current()
      return outer && joined(outer, work)
    },
    run(tx, work) {
      const unit: Unit = { open: true, tx }
      return context.run(unit, async () => {
        try {
          const value = await work(tx)
          if (unit.failure) throw unit.failure.error
          return value
        } finally {
          unit.open = false
        }
      })
    },
  }
}

async function joined<T>(outer: Unit, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  try {
    return await work(outer.tx)
  } catch (error) {
    // Half of it may be written: as in PostgreSQL, there is nothing left to commit.
    outer.failure ??= { error }
    throw error
  }
}
