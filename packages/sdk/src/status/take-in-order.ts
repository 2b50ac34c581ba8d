import { setImmediate } from 'node:timers/promises'
import { type HeardEvent, mergeEvents } from './merge-events.ts'
import type { StatusEvent } from './subscribe.ts'

/** Events that have arrived and are not taken yet; more are not read from the connection. */
const MOST_WAITING = 1_000

/** Hears events as they come, and takes them one after the other: those that wait, as few as say the same. */
export function takeInOrder(hear: (event: StatusEvent) => HeardEvent, take: (event: HeardEvent) => Promise<void>) {
  let heard: HeardEvent[] = []
  let taken: Promise<void> = Promise.resolve()

  const takeHeard = async () => {
    await setImmediate() // what others push is heard first
    const events = mergeEvents(heard)
    heard = []
    for (const event of events) await take(event)
  }

  return {
    /** Resolves when the next one may come; `onFailure` is told when this one, or one before it, cannot be taken. */
    async add(event: StatusEvent, onFailure: (error: unknown) => void): Promise<void> {
      heard.push(hear(event))
      taken = taken.then(takeHeard)
      taken.catch(onFailure)
      if (heard.length > MOST_WAITING) await taken
    },
    /** Rejects with what kept an event from being taken. */
    taken: () => taken,
  }
}
