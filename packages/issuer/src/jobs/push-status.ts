import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import { type PushContext, pushStatus } from '../use-cases/push-status.ts'

const HEARTBEAT_MS = 1_000

/** Reads the newest head once a second and tells those who follow, also what other instances have signed. */
export function pushHeartbeats(ctx: PushContext & Pick<Context, 'logger'>): Repeating {
  return repeat(
    () => {
      ctx.newestHead.forget()
      return pushStatus(ctx)
    },
    () => HEARTBEAT_MS,
    (err) => ctx.logger.warn({ err }, 'the status was not pushed'),
  )
}
