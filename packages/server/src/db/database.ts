import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm'

/** One service's database. */
export interface Database {
  /** What is committed; inside a transaction, what that transaction sees. Ask for it anew at each use. */
  readonly read: EntityManager
  /**
   * Runs `work` with no other writer beside it and resolves once its changes are on disk: all of them, or none when it
   * throws. A call within a running `work` joins that one, and its failure undoes the whole even when it is caught.
   * `work` awaits nothing but the database: every other writer waits for it.
   *
   * @throws DomainError `unavailable` when the changes could not be saved; nothing was, and the caller may try again.
   */
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>
  /** Finishes what is under way and refuses what comes after. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `sqlite:PATH`. */
  url: string
  entities: EntitySchema[]
  migrations: (new () => MigrationInterface)[]
  log?: { info(message: string): void }
}
