import pRetry from 'p-retry'

const RETRIES = 3
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/** No attempt begins later than this. */
const GIVE_UP_MS = 30_000

/** The service, or what stands before it, says that it does not serve now. */
const UNAVAILABLE = new Set([502, 503, 504])

/** Makes a call again, after longer and longer pauses, while nobody answers it. Only for what is safe to repeat. */
export function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  return pRetry(call, {
    retries: RETRIES,
    minTimeout: FIRST_PAUSE_MS,
    maxTimeout: LONGEST_PAUSE_MS,
    maxRetryTime: GIVE_UP_MS,
    randomize: true,
    async shouldRetry({ error, retryDelay }) {
      const { name, status, retryAfter = 0 } = error as { name: string; status?: number; retryAfter?: number }
      if (name === 'AbortError' || (status !== undefined && !UNAVAILABLE.has(status))) return false
      await sleep(Math.min(retryAfter * 1_000, LONGEST_PAUSE_MS) - retryDelay)
      return true
    },
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
