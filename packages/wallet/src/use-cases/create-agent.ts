import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

export interface NewAgent {
  did: string
  name: string
  /** Shown once, in the first answer; only its hash is kept. */
  token?: string
}

/** Makes an agent with a DID and a token of its own. Throws `agent_name_taken`. */
export async function createAgent(
  ctx: Pick<Context, 'store' | 'keys' | 'clock' | 'random'>,
  input: { name: string; method: 'key' | 'ethr'; by: string },
): Promise<NewAgent> {
  const { name, method, by } = input
  const { token, hash } = ctx.random.token()
  const { value: agent, replayed } = await ctx.store.once(async () => {
    if (await ctx.store.findAgentByName(name))
      throw new DomainError('agent_name_taken', `There is an agent named ${name} already; choose another name.`)
    const did = await ctx.keys.createDid(name, method)
    await ctx.store.addAgent({ did, name, tokenHash: hash, createdAt: ctx.clock.now(), createdBy: by })
    return { did, name }
  })
  return replayed ? agent : { ...agent, token }
}
