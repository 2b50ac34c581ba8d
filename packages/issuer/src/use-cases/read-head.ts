import { DomainError, HEARTBEAT_TYPE, type Head, hashHead } from '@consulate/core'
import type { Anchor, Clock, IssuerIdentity, PublishedHead, Store } from '../ports.ts'

/** The newest head that is signed, what it says of each list, where it is anchored, and when that was read. */
export async function readHead({
  store,
  identity,
  clock,
}: {
  store: Store
  identity: IssuerIdentity
  clock: Clock
}): Promise<PublishedHead> {
  const readAt = clock.nowMs()
  const stored = await store.lastSignedHead()
  if (!stored?.signature || !stored.signer)
    throw new DomainError('unavailable', 'The first status head is not signed yet; try again in a moment.')
  const { signature, signer, ...head } = stored
  const { epoch, version } = head
  const claims = { iss: identity.did, epoch, version, head: hashHead(head), readAt }
  return {
    head,
    signature,
    signer,
    entries: await store.entriesAt(head),
    anchor: await anchorOf(store, head),
    heartbeat: await identity.signStatement(HEARTBEAT_TYPE, claims),
  }
}

/** Where the chain first says what this head says. */
export async function anchorOf(store: Pick<Store, 'anchorOf'>, head: Pick<Head, 'epoch' | 'version'>): Promise<Anchor> {
  const transaction = await store.anchorOf(head)
  if (!transaction || transaction.block === null) return { state: 'pending' }
  const state = transaction.state === 'final' ? 'final' : 'mined'
  return { state, txHash: transaction.hash, block: transaction.block }
}
