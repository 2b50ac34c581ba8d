import { DomainError } from '@consulate/core'
import type { EntityManager } from 'typeorm'
import type { Database, Outcome } from '../db/database.ts'
import { keyReused } from './key-reused.ts'
import { type KeyedRequest, takeKeyedRequest } from './keyed-request.ts'

type Work<T, P> = (tx: EntityManager, prepared: P) => Promise<T>

/** `once` on top of a database's transactions. */
export function onceOver({ transaction, read }: Pick<Database, 'transaction'> & { read(): EntityManager }) {
  return async <T, P = undefined>(work: Work<T, P>, prepare?: () => Promise<P>): Promise<Outcome<T>> => {
    const request = takeKeyedRequest()
    const known = request && (await recall<T>(read(), request))
    if (known) return known
    const prepared = (await prepare?.()) as P
    if (!request) return { value: await transaction((tx) => work(tx, prepared)), replayed: false }
    try {
      return await transaction(async (tx) => remember(tx, request, await work(tx, prepared)))
    } catch (error) {
      // Of those who came with one key at the same time the others end here, in the way of the first or of its key.
      const done = isOutage(error) ? undefined : await recall<T>(read(), request)
      if (done) return done
      throw error
    }
  }
}

/** Such a database is not to be asked again at once. */
function isOutage(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'unavailable'
}

async function recall<T>(from: EntityManager, { scope, key, fingerprint }: KeyedRequest) {
  const [row] = await from.sql<{ fingerprint: string; outcome: string }[]>`
    SELECT fingerprint, outcome FROM idempotency_key WHERE scope = ${scope} AND key = ${key}`
  if (!row) return undefined
  if (row.fingerprint !== fingerprint) throw keyReused(key)
  return { value: JSON.parse(row.outcome) as T, replayed: true }
}

async function remember<T>(tx: EntityManager, request: KeyedRequest, value: T): Promise<Outcome<T>> {
  const { scope, key, fingerprint, receivedAt } = request
  const outcome = JSON.stringify(value ?? null)
  await tx.sql`
    INSERT INTO idempotency_key (scope, key, fingerprint, outcome, created_at)
    VALUES (${scope}, ${key}, ${fingerprint}, ${outcome}, ${receivedAt})`
  // As it will be read again, so that the first answer is no other than the later ones.
  return { value: JSON.parse(outcome), replayed: false }
}
