import pg from 'pg'
import { repeat } from '../repeat.ts'
import { NOTICE_CHANNEL } from './across-instances.ts'
import type { DatabaseOptions, NoticeHandler } from './database.ts'

const RECONNECT_MS = 1_000

export interface Notices {
  on(topic: string, handler: NoticeHandler): void
  close(): Promise<void>
}

/** Hears what other instances announce. After a gap every handler is called: something may have been missed. */
export function listenToPostgres(url: string, log: DatabaseOptions['log']): Notices {
  const handlers = new Map<string, NoticeHandler[]>()
  let client: pg.Client | undefined
  let connecting: Promise<unknown> | undefined

  const session = async () => {
    client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 3_000 })
    const ended = new Promise<void>((resolve) => client?.once('end', resolve))
    client.on('error', () => undefined)
    client.on('notification', ({ payload }) => {
      for (const handler of handlers.get(payload ?? '') ?? []) handler()
    })
    connecting = client.connect()
    await connecting
    await client.query(`LISTEN ${NOTICE_CHANNEL}`)
    for (const topic of handlers.values()) for (const handler of topic) handler()
    await ended
  }
  const listening = repeat(
    () => session().finally(() => client?.end().catch(() => undefined)),
    () => RECONNECT_MS,
    () => log?.info('the database does not answer; announcements of other instances are late'),
  )

  return {
    on(topic, handler) {
      handlers.set(topic, [...(handlers.get(topic) ?? []), handler])
    },
    async close() {
      const stopped = listening.stop()
      // Ending a client that is about to connect would never return.
      await connecting?.catch(() => undefined)
      await client?.end().catch(() => undefined)
      await stopped
    },
  }
}
