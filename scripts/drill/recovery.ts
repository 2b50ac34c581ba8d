import { isServed, type Sent } from './send-load.ts'

/** Milliseconds from this moment to the first success, or to the last failure if that came later. */
export function recovery(sent: readonly Sent[], since: number): number {
  const later = sent.filter(({ endedAt }) => endedAt > since)
  const firstServed = Math.min(...later.filter(isServed).map(({ endedAt }) => endedAt))
  const lastFailed = Math.max(...later.filter((one) => !isServed(one)).map(({ endedAt }) => endedAt))
  return Math.round(Math.max(firstServed, lastFailed) - since)
}
