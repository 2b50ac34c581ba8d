import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import type { PublishContext } from '../use-cases/publish-heads.ts'
import { renewHead } from '../use-cases/renew-head.ts'

/** Looks every minute whether the newest head is due for a successor. */
export function renewHeads(ctx: PublishContext & Pick<Context, 'clock' | 'logger'>): Repeating {
  return repeat(
    () => renewHead(ctx),
    () => 60_000,
    (err) => ctx.logger.error({ err }, 'the head was not renewed'),
  )
}
