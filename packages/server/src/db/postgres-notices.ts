import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { repeat } from '../repeat.ts'
import { NOTICE_CHANNEL } from './across-instances.ts'
import type { DatabaseOptions, NoticeHandler } from './database.ts'

const RECONNECT_MS = 1_000

/** A connection that a network dropped without a word is as quiet as one without news: it is asked, and has to answer. */
const ASK_MS = 2_000
const ANSWER_MS = 3_000

export interface Notices {
  on(topic: string, handler: NoticeHandler): void
  close(): Promise<void>
}

/** Hears what other instances announce. After a gap every handler is called: something may have been missed. */
export function listenToPostgres(url: string, log: DatabaseOptions['log']): Notices {
  const handlers = new Map<string, NoticeHandler[]>()
  let socket: Socket | undefined

  const session = async () => {
    const stream = new Socket()
    socket = stream
    const client = new pg.Client({
      connectionString: url,
      stream: () => stream,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    })
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    client.on('error', () => undefined)
    client.on('notification', ({ payload }) => {
      for (const handler of handlers.get(payload ?? '') ?? []) handler()
    })
    try {
      await client.connect()
      await client.query(`LISTEN ${NOTICE_CHANNEL}`)
      for (const topic of handlers.values()) for (const handler of topic) handler()
      while (!stream.destroyed) {
        await Promise.race([ended, sleep(ASK_MS, undefined, { ref: false })])
        if (!stream.destroyed) await client.query('SELECT 1')
      }
    } finally {
      stream.destroy()
    }
  }
  const listening = repeat(
    session,
    () => RECONNECT_MS,
    () => log?.info('the database does not answer; announcements of other instances are late'),
  )

  return {
    on(topic, handler) {
      handlers.set(topic, [...(handlers.get(topic) ?? []), handler])
    },
    async close() {
      const stopped = listening.stop()
      socket?.destroy()
      await stopped
    },
  }
}
