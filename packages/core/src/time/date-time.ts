import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'

const DATE_TIME_STAMP =
  /^(\d{4}-\d\d-\d\d)(T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.\d+)?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/
const LAST_SECOND = 253_402_300_799 // 9999-12-31T23:59:59Z

/** Writes whole seconds since 1970 as `YYYY-MM-DDTHH:MM:SSZ`. A time outside the years 1970–9999 is a RangeError. */
export function formatDateTime(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND) {
    throw new RangeError(`${seconds} is not a time in whole seconds since 1970`)
  }
  return toIso(seconds * 1000).replace('.000Z', 'Z')
}

/**
 * Reads an XML Schema `dateTimeStamp` (VCDM 2.0 §4.9) into seconds since 1970: a real calendar date, a zone always, fractions
 * allowed and cut off. Leap seconds, hour 24 and years of other than four digits are refused.
 *
 * @throws DomainError `credential_malformed`
 */
export function parseDateTime(text: string): number {
  const [, date, time, zone] = DATE_TIME_STAMP.exec(text) ?? []
  if (date === undefined || time === undefined || zone === undefined || !isCalendarDate(date)) {
    throw new DomainError('credential_malformed', `${quote(text)} is not a time such as 2026-01-31T12:00:00Z.`)
  }
  return fromIso(date + time + zone) / 1000
}

// Date rolls the 30th of February over into March.
function isCalendarDate(date: string): boolean {
  const midnight = fromIso(`${date}T00:00:00Z`)
  return !Number.isNaN(midnight) && toIso(midnight).startsWith(date)
}

function fromIso(text: string): number {
  // biome-ignore lint/style/noRestrictedGlobals: a calendar, not a clock
  return Date.parse(text)
}

function toIso(milliseconds: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: a calendar, not a clock
  return new Date(milliseconds).toISOString()
}
