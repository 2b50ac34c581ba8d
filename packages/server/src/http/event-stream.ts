/** Where the events of one subscriber go: an HTTP answer of `text/event-stream` that does not end. */
export interface EventSink {
  write(text: string): unknown
  /** Bytes that were written and have not left yet. */
  readonly writableLength: number
  end(): unknown
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

export interface Subscribers {
  hasPlace(reserved: boolean): boolean
  /** It gets `first` before anything that is sent later. */
  add(sink: EventSink, options: { reserved: boolean; first: string }): void
  /** To everybody; who has not taken what it was sent before is dropped, and may come again. */
  send(text: string): void
  readonly count: number
}

export interface Places {
  /** Subscribers at the same time. */
  all: number
  /** Of these, for the ones who say who they are. */
  reserved: number
}

/** Bytes that wait for a subscriber that does not read. */
const MOST_PENDING = 1_048_576

export function openSubscribers(places: Places): Subscribers {
  const sinks = new Map<EventSink, { reserved: boolean }>()
  let anonymous = 0
  const hasPlace = (reserved: boolean) =>
    sinks.size < places.all && (reserved || anonymous < places.all - places.reserved)
  const remove = (sink: EventSink) => {
    const place = sinks.get(sink)
    if (place && !place.reserved) anonymous -= 1
    sinks.delete(sink)
  }
  return {
    hasPlace,
    add(sink, { reserved, first }) {
      if (!hasPlace(reserved)) return void sink.end()
      sinks.set(sink, { reserved })
      if (!reserved) anonymous += 1
      sink.once('close', () => remove(sink))
      if (first) sink.write(first)
    },
    send(text) {
      for (const sink of sinks.keys()) {
        if (sink.writableLength <= MOST_PENDING) sink.write(text)
        else sink.destroy()
      }
    },
    get count() {
      return sinks.size
    },
  }
}

/** One event as it is sent (HTML Living Standard §9.2.6); `data` has no line breaks. */
export function formatEvent(type: string, data: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`
}
