import { type Database, forgetKeys } from '@consulate/server'
import type { EntityManager } from 'typeorm'
import type { Store, Transaction } from '../ports.ts'
import { queries } from './queries.ts'
import { HEADS, writes } from './writes.ts'

/** The issuer's records in a SQL database, through TypeORM. */
export function createStore(database: Database): Store {
  return {
    ...queries(() => database.read),
    transaction: (work) => database.transaction((tx) => work(within(tx))),
    once: (work, prepare) => database.once((tx, prepared) => work(within(tx), prepared), prepare),
    together({ begin, end }) {
      const join = database.together({
        begin: (tx) => begin(within(tx)),
        end: (tx, shared) => end(within(tx), shared),
      })
      return (work) => join((tx, shared) => work(within(tx), shared))
    },
    onNewHead: (handler) => database.onNotice(HEADS, handler),
    forgetKeys: (receivedBefore) => forgetKeys(database, receivedBefore),
  }
}

function within(tx: EntityManager): Transaction {
  return { ...queries(() => tx), ...writes(tx) }
}
