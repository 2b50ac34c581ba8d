import { DomainError } from '@consulate/core'

/** How a database failed, when that is no fault of the statement. */
type Outage = 'storage_full' | 'unavailable'

const MESSAGES: Record<Outage, string> = {
  storage_full: 'The disk of the database is full: nothing was saved; free some space, then try again.',
  unavailable: 'The database does not answer: nothing is known to be saved; try again in a moment.',
}

/** The failure of a database that cannot serve now, as our own error; undefined when a statement itself is at fault. */
export function outageOf(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return undefined
  const outage = classify(codeOf(error), reasonOf(error))
  return outage && new DomainError(outage, MESSAGES[outage], { cause: error, reason: reasonOf(error) })
}

/** For a commit that failed in a way that has no name. */
export function notSaved(cause: unknown): DomainError {
  const message = 'The change could not be saved and was undone: try again later.'
  return outageOf(cause) ?? new DomainError('unavailable', message, { cause, reason: reasonOf(cause) })
}

export function stopping(): DomainError {
  return new DomainError('unavailable', 'The service is stopping: try again when it is back.')
}

/** Whether PostgreSQL broke a transaction off because it stood in another's way: it may be run again. */
export function isBrokenOff(error: unknown): boolean {
  return BROKEN_OFF.has(codeOf(error))
}

/** serialization_failure, deadlock_detected */
const BROKEN_OFF = new Set(['40001', '40P01'])

/** The driver's own code: SQLite's name, a SQLSTATE of five characters, or the system's. */
export function codeOf(error: unknown): string {
  const { driverError = error } = error as { driverError?: unknown }
  return String((driverError as { code?: unknown })?.code ?? '')
}

function classify(code: string, reason: string): Outage | undefined {
  if (FULL.has(code)) return 'storage_full'
  const down = code === '' ? CONNECTION_LOST.test(reason) : OUTAGES.test(code)
  return down ? 'unavailable' : undefined
}

/** SQLite, of its files and of the index to its log; PostgreSQL's disk_full; the system's. */
const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', '53100', 'ENOSPC', 'EDQUOT'])

/**
 * SQLite's own; the system's; of PostgreSQL's classes 08 connection exception, 53 insufficient resources, 57 operator
 * intervention, 58 system error, and a standby that takes no writes.
 */
const OUTAGES = /^(SQLITE_(IOERR|CANTOPEN|BUSY)|E[A-Z]{3,}|(08|53|57|58)\w{3}$|25006$)/

/** What PostgreSQL's driver and TypeORM say, without any code, when the connection itself is what failed. */
const CONNECTION_LOST =
  /^(Connection terminated|timeout (exceeded|expired)|Client (has|was) |Query runner already released)/

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
