import { randomUUID } from 'node:crypto'

/** UUIDs, and the hexadecimal ids that proxies make: too narrow for names, lines of a log, and the tokens made here. */
const FROM_OUTSIDE = /^[0-9a-f][0-9a-f-]{14,62}[0-9a-f]$/i

/** The id under which the caller knows its request, if it is one; else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && FROM_OUTSIDE.test(header) ? header : randomUUID()
}
