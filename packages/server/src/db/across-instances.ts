import type { EntityManager } from 'typeorm'

export const NOTICE_CHANNEL = 'consulate'

/** Announces a change to every instance that shares the database, when this transaction commits. Alone, there is nobody to tell. */
export async function notify(tx: EntityManager, topic: string): Promise<void> {
  if (isPostgres(tx)) await tx.sql`SELECT pg_notify(${NOTICE_CHANNEL}, ${topic})`
}

/** Holds up every other transaction that asks for the same name, on whatever instance, until this one ends. */
export async function lockName(tx: EntityManager, name: string): Promise<void> {
  // SQLite has one writer, and this transaction is it.
  if (isPostgres(tx)) await tx.sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
}

/** Lets every transaction that writes to this table end, and no other begin to write before this one has. */
export async function lockTable(tx: EntityManager, table: string): Promise<void> {
  if (isPostgres(tx)) await tx.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`)
}

function isPostgres(tx: EntityManager): boolean {
  return tx.dataSource.options.type === 'postgres'
}
