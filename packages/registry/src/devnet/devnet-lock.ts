import { readFile, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import { commandLine } from './command-line.ts'

/** Who uses a state file, by pid. */
export interface LockHolder {
  guard: number
  anvil?: number | undefined
  stopping?: boolean
}

const NOTICE = 1_000 // milliseconds in which a guard notices that its user is gone
const STOP = 7_000 // a guard gives anvil 5 s

/**
 * Waits for a devnet that is just stopping on this state file, and ends an anvil that lost its guard.
 * Throws `unavailable` when the devnet is in use.
 */
export async function releaseLock(lockFile: string, stateFile: string): Promise<void> {
  const holder = await readHolder(lockFile)
  if (!holder) return
  if (!(await guardEnds(holder.guard, lockFile))) {
    throw new DomainError(
      'unavailable',
      `The local chain in ${stateFile} is in use by process ${holder.guard}: stop that one first, or choose another data folder.`,
    )
  }
  if (holder.anvil) await endOrphan(holder.anvil, stateFile)
  await rm(lockFile, { force: true })
}

/** What a guard leaves behind that was itself killed. */
export async function sweepAfter(guard: number | undefined, lockFile: string, stateFile: string): Promise<void> {
  const holder = await readHolder(lockFile)
  if (holder && holder.guard === guard) await releaseLock(lockFile, stateFile)
}

async function guardEnds(guard: number, lockFile: string): Promise<boolean> {
  if (await endsWithin(NOTICE, guard, lockFile)) return true
  const stopping = (await readHolder(lockFile))?.stopping ?? true
  return stopping && endsWithin(STOP, guard, lockFile)
}

async function endOrphan(pid: number, stateFile: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await commandLine(pid)).includes(stateFile)) return
    process.kill(pid, signal)
    if (await endsWithin(5_000, pid, stateFile)) return
  }
}

/** A pid counts only while its command line names our file: numbers are used again. */
async function endsWithin(milliseconds: number, pid: number, file: string): Promise<boolean> {
  const deadline = performance.now() + milliseconds
  while ((await commandLine(pid)).includes(file)) {
    if (performance.now() > deadline) return false
    await delay(50)
  }
  return true
}

async function readHolder(lockFile: string, patient = true): Promise<LockHolder | undefined> {
  const text = await readFile(lockFile, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    if (!patient) return void (await rm(lockFile, { force: true }))
    await delay(200) // a guard may be just writing it
    return readHolder(lockFile, false)
  }
}
