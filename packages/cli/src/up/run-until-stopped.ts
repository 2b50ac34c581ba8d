import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@consulate/server'

interface Stoppable {
  /** Resolves when it has ended by itself. */
  failed?: Promise<Error>
  stop(): Promise<void>
}

const STOP_MS = 9_500

/**
 * Starts something and keeps it until SIGINT or SIGTERM, then stops it. Throws when it does not start or ends by itself.
 * Ctrl-C under npm arrives twice, from the terminal and from npm, so a signal that is repeated changes nothing.
 */
export async function runUntilStopped<Running extends Stoppable>(
  start: (signal: AbortSignal) => Promise<Running>,
  announce: (running: Running) => void,
): Promise<void> {
  leaveWhenNobodyCatches()
  const { signal, arrives } = stopSignal()
  const running = await start(signal).catch((error) => {
    if (!signal.aborted) throw error
  })
  if (!running) return
  if (!signal.aborted) announce(running)
  const failure = await Promise.race([arrives, ...(running.failed ? [running.failed] : [])])
  leaveWithin(STOP_MS)
  await running.stop()
  if (failure) throw failure
}

function stopSignal(): { signal: AbortSignal; arrives: Promise<undefined> } {
  const stopping = new AbortController()
  const arrives = new Promise<undefined>((resolve) => {
    const receive = () => {
      leaveWithin(STOP_MS)
      stopping.abort()
      resolve(undefined)
    }
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, receive)
  })
  return { signal: stopping.signal, arrives }
}

/** Rejections end here as well. What was under way may be half done, and only a new start completes it. */
function leaveWhenNobodyCatches(): void {
  process.on('uncaughtException', (err) => {
    createLogger('consulate', 'fatal').fatal({ err }, 'nobody caught this; leaving')
    process.exit(1)
  })
}

/** Whoever stopped us waits ten seconds at most; what hangs by then is left to the operating system. */
async function leaveWithin(milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { ref: false })
  process.stderr.write(`error: something did not stop within ${milliseconds} ms; leaving it (internal)\n`)
  process.exit(1)
}
