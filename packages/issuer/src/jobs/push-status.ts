import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'
import { type PushContext, pushStatus } from '../use-cases/push-status.ts'

const HEARTBEAT_MS = 1_000

/** Tells those who follow what is new: at once what an instance announces, and once a second that all is as it was. */
export function pushHeartbeats(ctx: PushContext & Pick<Context, 'logger'>): Repeating {
  const push = () => {
    ctx.newestHead.forget()
    return pushStatus(ctx)
  }
  const report = (err: unknown) => ctx.logger.warn({ err }, 'the status was not pushed')
  ctx.store.onNewHead(() => void push().catch(report))
  return repeat(push, () => HEARTBEAT_MS, report)
}
