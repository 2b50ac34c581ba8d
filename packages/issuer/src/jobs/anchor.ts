import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import { advanceChain, dropLostKills } from '../use-cases/advance-chain.ts'
import { type PublishContext, publishHeads } from '../use-cases/publish-heads.ts'

const BUSY_MS = 250
const QUIET_MS = 1_000
/** What takes minutes to be final is not asked for four times a second. */
const PATIENT_MS = 2_000

/**
 * Brings the chain up to what is signed, round after round, one instance at a time: faster while something is under way. What
 * keeps it waiting is told once.
 */
export function anchor(
  ctx: PublishContext & Pick<Context, 'chain' | 'logger' | 'clock' | 'metrics' | 'alone'>,
): Repeating {
  let busy = true
  let pause = BUSY_MS
  let compared = false
  let told: string | undefined
  const advance = async () => {
    if (!compared) await dropLostKills(ctx)
    compared = true
    // An instance that died may have left its last head unsigned.
    await publishHeads(ctx)
    return advanceChain(ctx)
  }
  const round = async () => {
    busy = (await ctx.alone('anchor', advance, 'ifFree')) ?? false
    pause = busy ? Math.min(pause * 1.25, PATIENT_MS) : BUSY_MS
    if (told !== undefined) ctx.logger.info('the anchor job goes on')
    told = undefined
  }
  const tell = (err: unknown) => {
    busy = false
    const { message } = err as Error
    if (message !== told) ctx.logger.warn({ err }, 'the anchor job waits')
    told = message
  }
  return repeat(round, () => (busy ? pause : QUIET_MS), tell)
}
