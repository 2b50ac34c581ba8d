import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

/** Forgets an agent: its credentials, its token and its keys, for good. Throws `agent_unknown`. */
export async function forgetAgent(
  ctx: Pick<Context, 'store' | 'keys' | 'clock'>,
  { did, by }: { did: string; by: string },
): Promise<void> {
  await ctx.store.once(async () => {
    if (!(await ctx.store.removeAgent(did, { by, at: ctx.clock.now() }))) throw unknownAgent(did)
    await ctx.keys.deleteDid(did)
  })
}

export function unknownAgent(did: string): DomainError {
  return new DomainError('agent_unknown', `There is no agent ${did} here.`)
}
