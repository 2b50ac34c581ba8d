import type { Context } from '../context.ts'

export interface NewResourceServer {
  id: string
  name: string
  domains: string[]
  /** Shown once, in the first answer; only its hash is kept. */
  token?: string
}

/** Gives a resource server a token that asks for its domains only. */
export async function registerResourceServer(
  { store, random, clock }: Pick<Context, 'store' | 'random' | 'clock'>,
  { by, ...input }: { name: string; domains: string[]; by: string },
): Promise<NewResourceServer> {
  const { token, hash } = random.token()
  const { value: server, replayed } = await store.once(async () => {
    const id = random.uuid()
    await store.addResourceServer({ id, ...input, tokenHash: hash, createdAt: clock.now(), createdBy: by })
    return { id, ...input }
  })
  return replayed ? server : { ...server, token }
}
