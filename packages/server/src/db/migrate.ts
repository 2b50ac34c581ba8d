import { DomainError } from '@consulate/core'
import type { DataSource } from 'typeorm'
import { alone } from './alone.ts'
import type { DatabaseOptions } from './database.ts'

/** What is known of one migration in a database. */
export interface MigrationState {
  /** Class name; it ends in the version, 13 digits. */
  name: string
  executed: boolean
}

/**
 * Runs the pending migrations, each in a transaction of its own: one that is broken off leaves nothing, and the next
 * start runs it again. Of several instances one migrates and the others wait. Resolves to the names of those it ran.
 *
 * @throws DomainError `unavailable`
 */
export async function migrate(source: DataSource, name: string, log: DatabaseOptions['log']): Promise<string[]> {
  try {
    const executed = await onlyOne(source, () => source.runMigrations({ transaction: 'each' }))
    for (const migration of executed) log?.info(`${name}: migrated by ${migration.name}`)
    return executed.map((migration) => migration.name)
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw new DomainError(
      'unavailable',
      `The database ${name} could not be migrated. Nothing of the failed step was kept: see the log, then start again.`,
      { cause, reason: cause instanceof Error ? cause.message : String(cause) },
    )
  }
}

/** Every migration of ours, oldest first. */
export async function readMigrations(source: DataSource): Promise<MigrationState[]> {
  const executed = new Set((await executedMigrations(source)).map(({ name }) => name))
  return source.migrations.map((migration) => {
    const name = migration.name ?? migration.constructor.name
    return { name, executed: executed.has(name) }
  })
}

/**
 * Takes back, newest first, the migrations that are newer than `version`: 13 digits, or 0 for all. What only they keep
 * is lost. Resolves to the names of those it took back.
 */
export async function migrateDown(source: DataSource, version: number): Promise<string[]> {
  return onlyOne(source, async () => {
    const newer = (await executedMigrations(source)).filter(({ timestamp }) => timestamp > version)
    for (const _migration of newer) await source.undoLastMigration({ transaction: 'each' })
    return newer.map(({ name }) => name).reverse()
  })
}

async function executedMigrations(source: DataSource): Promise<{ name: string; timestamp: number }[]> {
  const runner = source.createQueryRunner()
  try {
    if (!(await runner.hasTable('migrations'))) return []
    const rows: { name: string; timestamp: number | string }[] = await runner.query(
      'SELECT name, timestamp FROM migrations ORDER BY timestamp',
    )
    return rows.map(({ name, timestamp }) => ({ name, timestamp: Number(timestamp) }))
  } finally {
    await runner.release()
  }
}

async function onlyOne<T>(source: DataSource, work: () => Promise<T>): Promise<T> {
  return source.options.type === 'postgres' ? ((await alone(source, 'migrate', work)) as T) : work()
}
