import { DomainError, type Head, showEntries } from '@consulate/core'
import { formatEvent, openSubscribers } from '@consulate/server'
import type { PushedHead, StatusStream } from '../stream-ports.ts'

/** Of the connections that a service takes, these may follow; the last of them only as somebody known. */
const PLACES = { all: 3_000, reserved: 1_000 }

/** How far back a follower may resume. What is older is told by a snapshot. */
const KEPT_HEADS = 256
const KEPT_CHARACTERS = 4_194_304

/** What was pushed last, kept in memory as it was sent, and those who follow. */
export function openStatusStream(places = PLACES): StatusStream {
  const subscribers = openSubscribers(places)
  let kept: { id: string; text: string }[] = []
  let newest: { head: Head; snapshot: string; heartbeat: string } | undefined

  const forgetOldest = () => {
    let characters = kept.reduce((sum, { text }) => sum + text.length, 0)
    while (kept.length > KEPT_HEADS || characters > KEPT_CHARACTERS) characters -= kept.shift()!.text.length
  }

  return {
    get pushed() {
      return newest?.head
    },
    get followers() {
      return subscribers.count
    },
    push({ published, heads }) {
      const { head, heartbeat } = published
      const snapshot = formatEvent('snapshot', JSON.stringify(shown(published)), placeOf(head))
      const news = heads?.map((event) => ({
        id: placeOf(event.head),
        text: formatEvent('head', JSON.stringify({ ...shown(event), deltas: event.deltas }), placeOf(event.head)),
      }))
      if (news) kept.push(...news)
      else kept = []
      forgetOldest()
      newest = { head, snapshot, heartbeat: formatEvent('heartbeat', JSON.stringify(heartbeat)) }
      subscribers.send((news?.map(({ text }) => text).join('') ?? snapshot) + newest.heartbeat)
    },
    assertPlace(known) {
      if (subscribers.hasPlace(known)) return
      throw new DomainError(
        'status_stream_full',
        `${subscribers.count} follow the status already; ask for /status/head, or come with a token of scope "read".`,
      )
    },
    follow(sink, { after, known }) {
      subscribers.add(sink, { reserved: known, first: newest ? missed(after, newest) + newest.heartbeat : '' })
    },
    keeps: (id) => isNewest(id) || kept.some((event) => event.id === id),
  }

  function isNewest(id: string | undefined): boolean {
    return newest !== undefined && id === placeOf(newest.head)
  }

  function missed(after: string | undefined, { snapshot }: NonNullable<typeof newest>): string {
    if (isNewest(after)) return ''
    const place = kept.findIndex(({ id }) => id === after)
    return place < 0
      ? snapshot
      : kept
          .slice(place + 1)
          .map(({ text }) => text)
          .join('')
  }
}

/** The id of a head's event. */
function placeOf({ epoch, version }: Head): string {
  return `${epoch}.${version}`
}

function shown({ head, signature, signer, entries }: Omit<PushedHead, 'deltas'>) {
  return { head, signature, signer, entries: showEntries(entries) }
}
