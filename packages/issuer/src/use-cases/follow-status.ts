import type { FollowerSink } from '../stream-ports.ts'
import { type PushContext, pushStatus } from './push-status.ts'

/**
 * Lets somebody follow the status from after the event of this id on; `known` is whether it says who it is. Whoever comes
 * from another instance may know more than was pushed here: what is older than that would look as if the issuer went back.
 * Throws `status_stream_full`.
 */
export async function followStatus(
  ctx: PushContext,
  { after, known }: { after: string | undefined; known: boolean },
): Promise<(sink: FollowerSink) => void> {
  const { stream, newestHead } = ctx
  stream.assertPlace(known)
  if (after !== undefined && !stream.keeps(after)) {
    newestHead.forget()
    await pushStatus(ctx)
  }
  return (sink) => stream.follow(sink, { after, known })
}
