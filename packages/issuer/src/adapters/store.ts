import type { Database } from '@consulate/server'
import type { EntityManager } from 'typeorm'
import type { Store } from '../ports.ts'
import { queries } from './queries.ts'
import { writes } from './writes.ts'

/** The issuer's records in a SQL database, through TypeORM. */
export function createStore(database: Database): Store {
  return {
    ...queries(() => database.read),
    transaction: (work) => database.transaction((tx: EntityManager) => work({ ...queries(() => tx), ...writes(tx) })),
  }
}
