import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { runInScope } from './observe/request-scope.ts'

export interface Repeating {
  /** Waits for the round under way. */
  stop(): Promise<void>
}

/**
 * Does `round` again and again, `pauseMs()` apart, until stopped. A round that fails is reported and the next one follows
 * after the pause. Each round has an id of its own, as a request has, whoever began the first.
 */
export function repeat(
  round: () => Promise<unknown>,
  pauseMs: () => number,
  onFailure: (error: unknown) => void,
): Repeating {
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await runInScope({ requestId: randomUUID() }, () => round().catch(onFailure))
      await sleep(pauseMs(), undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const ended = loop()
  return {
    stop() {
      stopping.abort()
      return ended
    },
  }
}
