import { setTimeout as sleep } from 'node:timers/promises'

export class TooLate extends Error {}

/** Throws TooLate when `work` has not ended after `limitMs`. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const late = sleep(limitMs, undefined, { signal: ended.signal }).then(() => {
    throw new TooLate(`no answer within ${limitMs} ms`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    ended.abort()
  }
}
