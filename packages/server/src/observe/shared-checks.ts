import { DomainError } from '@consulate/core'
import type { Database } from '../db/database.ts'
import { assertRootKey } from '../keys/root-key.ts'
import type { Sealer } from '../keys/sealer.ts'
import { type Check, NotReady } from './readiness.ts'

/** The database answers. With a full disk it refuses changes, and whoever reads is still to be let through. */
export function databaseCheck(database: Database): Check {
  return {
    async assert() {
      try {
        await database.transaction(async (tx) => void (await tx.query('SELECT 1')))
      } catch (error) {
        if (!(error instanceof DomainError && error.code === 'storage_full')) throw error
      }
    },
    fix: 'The database takes no transactions: see that it runs, that its disk has room, and the log.',
  }
}

/** The chain answers, and it is the configured one. */
export function chainCheck(chainId: number, askChainId: () => Promise<number>): Check {
  return {
    async assert() {
      const answered = await askChainId()
      if (answered !== chainId) throw new NotReady('wrong_chain', `the chain is ${answered}, not ${chainId}`)
    },
    fix: 'No RPC URL answers for the configured chain: see that the node runs, CONSULATE_RPC_URLS, and the log.',
  }
}

/** The root key opens what this database was sealed with, and `assertKeys` holds. */
export function keysCheck(
  database: Database,
  sealer: Sealer,
  assertKeys: () => Promise<void> = async () => undefined,
): Check {
  return {
    async assert() {
      await assertRootKey(database, sealer)
      await assertKeys()
    },
    fix: 'The keys of this service cannot be used: see its root key, what the chain says of its DID, and the log.',
  }
}
