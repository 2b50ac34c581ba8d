import type { Database } from '../db/database.ts'
import { type Repeating, repeat } from '../repeat.ts'

/** For how long a request can be repeated, in seconds. */
const KEPT = 86_400

/** Rows that go in one transaction; others wait no longer than for these. */
const AT_ONCE = 500

const EVERY_MS = 60_000

/** Deletes the idempotency keys of requests received before this, in seconds since 1970; a part at a time. */
export async function forgetKeys(database: Database, receivedBefore: number): Promise<void> {
  while (await anyBefore(database.read, receivedBefore))
    await database.transaction(
      (tx) => tx.sql`
        DELETE FROM idempotency_key WHERE (scope, key) IN (
          SELECT scope, key FROM idempotency_key WHERE created_at < ${receivedBefore} ORDER BY created_at LIMIT ${AT_ONCE})`,
    )
}

/** Lets a service with nothing to forget leave its writer alone. */
async function anyBefore(read: Database['read'], receivedBefore: number): Promise<boolean> {
  const rows = await read.sql<unknown[]>`SELECT 1 FROM idempotency_key WHERE created_at < ${receivedBefore} LIMIT 1`
  return rows.length > 0
}

/** Every minute, forgets idempotency keys that are a day old. */
export function forgetOldKeys(
  { store, clock }: { store: { forgetKeys(receivedBefore: number): Promise<void> }; clock: { now(): number } },
  onFailure: (error: unknown) => void,
): Repeating {
  return repeat(
    () => store.forgetKeys(clock.now() - KEPT),
    () => EVERY_MS,
    onFailure,
  )
}
