import { DomainError, type Head, type StatusEntry } from '@consulate/core'
import type { Store } from '../ports.ts'

export interface Anchor {
  state: 'pending' | 'mined' | 'final'
  txHash?: string
  block?: number
}

export interface PublishedHead {
  head: Head
  signature: string
  signer: string
  entries: StatusEntry[]
  anchor: Anchor
}

/** The newest head that is signed, what it says of each list, and where it is anchored. */
export async function readHead({ store }: { store: Store }): Promise<PublishedHead> {
  const stored = await store.lastSignedHead()
  if (!stored?.signature || !stored.signer)
    throw new DomainError('unavailable', 'The first status head is not signed yet; try again in a moment.')
  const { signature, signer, ...head } = stored
  return { head, signature, signer, entries: await store.entriesAt(head), anchor: await anchorOf(store, head) }
}

/** Where the chain first says what this head says. */
export async function anchorOf(store: Pick<Store, 'anchorOf'>, head: Pick<Head, 'epoch' | 'version'>): Promise<Anchor> {
  const transaction = await store.anchorOf(head)
  if (!transaction || transaction.block === null) return { state: 'pending' }
  const state = transaction.state === 'final' ? 'final' : 'mined'
  return { state, txHash: transaction.hash, block: transaction.block }
}
