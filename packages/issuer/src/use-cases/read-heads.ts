import type { Context } from '../context.ts'
import type { HeadPlace, SignedHead } from '../ports.ts'

const AT_ONCE = 1_000

/** The signed heads that follow this one, the oldest first, a thousand at the most. */
export async function readHeads(
  { store, newestHead }: Pick<Context, 'store' | 'newestHead'>,
  after: HeadPlace,
): Promise<{ head: Omit<SignedHead, 'signer' | 'signature'>; signature: string; signer: string }[]> {
  const { head: newest } = await newestHead()
  const heads = await store.signedHeadsBetween(after, newest, AT_ONCE)
  return heads.map(({ signature, signer, ...head }) => ({ head, signature, signer }))
}
