import { DomainError } from '@consulate/core'

export interface Running {
  stop(): Promise<void>
}

/** Starts something, keeps it until SIGINT or SIGTERM, stops it, and leaves with 0; a failed start says why and leaves with 1. */
export async function run(start: () => Promise<Running>): Promise<void> {
  const stopped = stopSignal()
  try {
    const running = await start()
    await stopped
    await running.stop()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  }
}

/** What a person is told of a failure: our own errors in their words, others by their message, never a stack. */
export function explain(error: unknown): string {
  if (error instanceof DomainError) return error.message
  return error instanceof Error ? `Unexpected failure: ${error.message}` : `Unexpected failure: ${String(error)}`
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
