import type { Context } from '../context.ts'

export interface NewResourceServer {
  id: string
  name: string
  domains: string[]
  /** Shown once; only its hash is kept. */
  token: string
}

/** Gives a resource server a token that asks for its domains only. */
export async function registerResourceServer(
  { store, random, clock }: Pick<Context, 'store' | 'random' | 'clock'>,
  { by, ...input }: { name: string; domains: string[]; by: string },
): Promise<NewResourceServer> {
  const id = random.uuid()
  const { token, hash } = random.token()
  await store.addResourceServer({ id, ...input, tokenHash: hash, createdAt: clock.now(), createdBy: by })
  return { id, ...input, token }
}
