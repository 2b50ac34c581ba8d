import type { Head } from '@consulate/core'
import { isBefore, type Place } from './place.ts'

type Waiting = Pick<Head, 'epoch' | 'version' | 'issuedAt'>

/** So many are remembered, the oldest ones. */
const MOST = 10_000

/** The heads that an issuer has shown and the chain does not have yet. */
export function unanchoredHeads(nowMs: () => number) {
  let waiting: Waiting[] = []
  return {
    add(heads: readonly Waiting[]): void {
      waiting.push(...heads.slice(0, MOST - waiting.length))
    },
    /** The chain has this head: nothing is to be remembered of those up to it. */
    anchoredUpTo(place: Place): void {
      waiting = waiting.filter((head) => isBefore(place, head))
    },
    /** Milliseconds that the oldest head beyond this one, up to which the chain has them, has waited; 0 when there is none. */
    oldestMs(anchored: Place | undefined): number {
      const oldest = waiting.find((head) => !anchored || isBefore(anchored, head))
      return oldest ? Math.max(0, nowMs() - oldest.issuedAt * 1000) : 0
    },
  }
}
