import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import { advanceChain, dropLostKills } from '../use-cases/advance-chain.ts'

const BUSY_MS = 250
const QUIET_MS = 1_000

/** Brings the chain up to what is signed, round after round: faster while something is under way. */
export function anchor(ctx: Pick<Context, 'store' | 'chain' | 'logger' | 'clock'>): Repeating {
  let busy = true
  let compared = false
  const round = async () => {
    if (!compared) await dropLostKills(ctx)
    compared = true
    busy = await advanceChain(ctx)
  }
  return repeat(
    round,
    () => (busy ? BUSY_MS : QUIET_MS),
    (err) => ctx.logger.warn({ err }, 'the anchor job waits'),
  )
}
