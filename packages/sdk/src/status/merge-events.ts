import type { Delta, PushedHead } from '@consulate/core'
import type { SignedHead } from './issuer-memory.ts'
import type { StatusEvent } from './subscribe.ts'

/** Heads that follow each other, as one: the last, with all that they changed, and the others as links to it. */
export interface HeardHead {
  type: 'head'
  pushed: PushedHead
  deltas: Delta[]
  passed: SignedHead[]
}

/** An event whose deltas were taken. */
export type HeardEvent = HeardHead | Exclude<StatusEvent, { type: 'head' }>

/** What is left to do about events that wait: the last heartbeat alone counts, and heads one after the other are taken at once. */
export function mergeEvents(events: readonly HeardEvent[]): HeardEvent[] {
  const lastHeartbeat = events.findLast(({ type }) => type === 'heartbeat')
  const merged: HeardEvent[] = []
  for (const event of events) {
    if (event.type === 'heartbeat' && event !== lastHeartbeat) continue
    const before = merged.at(-1)
    if (before?.type === 'head' && event.type === 'head' && isNext(before, event))
      merged[merged.length - 1] = joined(before, event)
    else merged.push(event)
  }
  return merged
}

function isNext({ pushed: { head } }: HeardHead, { pushed: { head: next } }: HeardHead): boolean {
  return next.epoch === head.epoch && next.version === head.version + 1
}

function joined(one: HeardHead, next: HeardHead): HeardHead {
  const { head, signer, signature } = one.pushed
  const entries = new Map([...one.pushed.entries, ...next.pushed.entries].map((entry) => [entry.name, entry]))
  return {
    type: 'head',
    pushed: { ...next.pushed, entries: [...entries.values()] },
    deltas: [...one.deltas, ...next.deltas],
    passed: [...one.passed, { head, signer, signature }, ...next.passed],
  }
}
