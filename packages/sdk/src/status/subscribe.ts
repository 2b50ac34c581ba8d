import {
  DomainError,
  type PublishedHead,
  type PushedHead,
  parseStrictJson,
  publishedHeadSchema,
  pushedHeadSchema,
} from '@consulate/core'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { eventsUrl } from './status-urls.ts'

/** What an issuer pushes, unverified. A snapshot names every list; a head those that it changed. */
export type StatusEvent =
  | { type: 'snapshot'; published: PublishedHead }
  | { type: 'head'; pushed: PushedHead }
  | { type: 'heartbeat'; token: string }

export interface SubscribeOptions {
  issuer: string
  statusUrl: string
  fetch: typeof globalThis.fetch
  /** The head that is known already. */
  after: { epoch: number; version: number } | undefined
  signal: AbortSignal
}

/** An issuer sends something each second. */
const SILENCE_MS = 5_000

/** More than an event about as many lists as are followed. */
const MOST_CHARACTERS = 4_194_304

/**
 * What an issuer pushes, until the connection ends. Throws `status_unavailable` when there is none, when it is silent, or when
 * what it says is too long; `malformed_json` and `head_malformed` for what is no event of ours.
 */
export async function* subscribe(options: SubscribeOptions): AsyncGenerator<StatusEvent> {
  const { issuer, statusUrl, fetch, after } = options
  const url = eventsUrl(statusUrl)
  const quiet = new AbortController()
  const unavailable = (reason: string, cause?: unknown) =>
    new DomainError('status_unavailable', `${new URL(url).host} pushes no status; it is asked for it instead.`, {
      reason: `${url}: ${reason}`,
      cause,
    })
  const silence = setTimeout(() => quiet.abort(new Error(`it said nothing for ${SILENCE_MS} ms`)), SILENCE_MS).unref()
  const messages: EventSourceMessage[] = []
  let broken: Error | undefined
  const parser = createParser({
    maxBufferSize: MOST_CHARACTERS,
    onEvent: (message) => messages.push(message),
    onError: (error) => {
      broken = error
    },
  })
  try {
    const response = await fetch(url, {
      headers: { Accept: 'text/event-stream', ...(after && { 'Last-Event-ID': `${after.epoch}.${after.version}` }) },
      redirect: 'error',
      signal: AbortSignal.any([options.signal, quiet.signal]),
    })
    if (!response.ok || !response.body) throw unavailable(`it answered ${response.status}`)
    const decoder = new TextDecoder()
    for await (const chunk of response.body) {
      silence.refresh()
      parser.feed(decoder.decode(chunk, { stream: true }))
      if (broken) throw unavailable(broken.message, broken)
      for (const message of messages.splice(0)) {
        const event = open(message, issuer)
        if (event) yield event
      }
    }
  } catch (error) {
    if (error instanceof DomainError || options.signal.aborted) throw error
    throw unavailable((error as Error).message, error)
  } finally {
    clearTimeout(silence)
    quiet.abort()
  }
}

/** Events of other types may come one day. */
function open({ event: type, data }: EventSourceMessage, issuer: string): StatusEvent | undefined {
  switch (type) {
    case 'snapshot':
      return { type, published: parse(publishedHeadSchema, data, issuer) }
    case 'head':
      return { type, pushed: parse(pushedHeadSchema, data, issuer) }
    case 'heartbeat': {
      const token = parseStrictJson(Buffer.from(data))
      if (typeof token !== 'string') throw malformed(issuer)
      return { type, token }
    }
    default:
      return undefined
  }
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown } },
  data: string,
  issuer: string,
): T {
  const parsed = schema.safeParse(parseStrictJson(Buffer.from(data), { maxBytes: MOST_CHARACTERS }))
  if (!parsed.success) throw malformed(issuer, parsed.error)
  return parsed.data
}

function malformed(issuer: string, cause?: unknown): DomainError {
  return new DomainError('head_malformed', `${issuer} pushes something that is no status.`, { cause })
}
