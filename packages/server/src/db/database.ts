import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm'

/** One service's database. */
export interface Database {
  /** Whether other instances may use it at the same time. */
  readonly isShared: boolean
  /** What is committed; inside a transaction, what that transaction sees. Ask for it anew at each use. */
  readonly read: EntityManager
  /**
   * Runs `work` and resolves once its changes are on disk: all of them, or none when it throws. A call within a running
   * `work` joins that one, and its failure undoes the whole even when it is caught. `work` awaits nothing but the
   * database, and may be run again when another stood in its way. What it reads stays as it is only under a lock: a row
   * it wrote, or `lockName`. (SQLite has one writer at a time; PostgreSQL has many, READ COMMITTED.)
   *
   * @throws DomainError `unavailable` or `storage_full` when the changes could not be saved; the caller may try again.
   */
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>
  /**
   * A `transaction` that is done once for each idempotency key. When the current request carries one, what `work` returns
   * is committed with it as JSON, and a repetition of the request gets that instead: so it holds no secret. `prepare`
   * runs before and outside of the transaction, when there is something to do. Without a key this is `transaction`.
   *
   * @throws DomainError `idempotency_key_reused` when the key came with another request before
   */
  once<T, P = undefined>(
    work: (tx: EntityManager, prepared: P) => Promise<T>,
    prepare?: () => Promise<P>,
  ): Promise<Outcome<T>>
  /**
   * A `once` that shares its transaction with those of the same frame that came while one was under way: `begin`, the work of
   * each in its turn, `end`, one commit. Whoever throws is undone alone, with what it added to `parts`; when `begin` or `end`
   * throws, all are. It is not called within a transaction.
   */
  together<Shared extends { parts: unknown[] }>(
    frame: Frame<Shared>,
  ): <T>(work: (tx: EntityManager, shared: Shared) => Promise<T>) => Promise<Outcome<T>>
  /**
   * Runs `work` while no other instance runs one of this name: waits its turn, or with `ifFree` leaves it and resolves to
   * undefined. Held by a connection, so whoever dies lets go of it; `work` is still to be safe when two overlap for a
   * moment, because a connection can be lost before its owner knows.
   */
  alone<T>(name: string, work: () => Promise<T>, ifFree?: 'ifFree'): Promise<T | undefined>
  /**
   * Calls `handler` when an instance has committed a `notify` of this topic, this one included; and after any gap, when
   * something may have been missed. Never on SQLite, where there is one instance.
   */
  onNotice(topic: string, handler: NoticeHandler): void
  /** Finishes what is under way and refuses what comes after. */
  close(): Promise<void>
}

export interface Outcome<T> {
  value: T
  /** Whether this was done before, and `value` is what came of it then. */
  replayed: boolean
}

/** What those who share a transaction have in common; `parts` is what each adds for `end`. */
export interface Frame<Shared extends { parts: unknown[] }> {
  begin(tx: EntityManager): Promise<Shared>
  end(tx: EntityManager, shared: Shared): Promise<void>
}

export type NoticeHandler = () => void

export interface DatabaseOptions {
  /** `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. */
  url: string
  entities: EntitySchema[]
  migrations: (new () => MigrationInterface)[]
  log?: { info(message: string): void }
}
