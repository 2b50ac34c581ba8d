import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import { advanceRotations } from '../use-cases/advance-rotations.ts'

const BUSY_MS = 250
const QUIET_MS = 1_000
/** What takes minutes to be final is not asked for four times a second. */
const PATIENT_MS = 2_000

/** Brings rotations to their end, round after round, one instance at a time. What keeps them waiting is told once. */
export function rotate(ctx: Pick<Context, 'store' | 'keys' | 'ownership' | 'logger' | 'alone'>): Repeating {
  let busy = true
  let pause = BUSY_MS
  let told: string | undefined
  const round = async () => {
    busy = (await ctx.alone('rotations', () => advanceRotations(ctx), 'ifFree')) ?? false
    pause = busy ? Math.min(pause * 1.25, PATIENT_MS) : BUSY_MS
    told = undefined
  }
  const tell = (err: unknown) => {
    busy = false
    const { message } = err as Error
    if (message !== told) ctx.logger.warn({ err }, 'rotations wait')
    told = message
  }
  return repeat(round, () => (busy ? pause : QUIET_MS), tell)
}
