import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

export interface NewResourceServer {
  id: string
  name: string
  domains: string[]
  /** Shown once, in the first answer; only its hash is kept. */
  token?: string
}

/** Gives a resource server a token that asks for its domains only. Throws `resource_server_name_taken`. */
export async function registerResourceServer(
  { store, random, clock }: Pick<Context, 'store' | 'random' | 'clock'>,
  { by, ...input }: { name: string; domains: string[]; by: string },
): Promise<NewResourceServer> {
  const { token, hash } = random.token()
  const { value: server, replayed } = await store.once(async () => {
    const id = random.uuid()
    const server = { id, ...input, tokenHash: hash, createdAt: clock.now(), createdBy: by }
    if (!(await store.addResourceServer(server)))
      throw new DomainError(
        'resource_server_name_taken',
        `There is a resource server named ${input.name} already, with a token of its own; choose another name, or remove that one.`,
      )
    return { id, ...input }
  })
  return replayed ? server : { ...server, token }
}
