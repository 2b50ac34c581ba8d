import { type Head, withBits } from '@consulate/core'
import type { Transaction } from '../ports.ts'
import type { HeadName, NextHead } from '../records.ts'
import { appendHead, firstHead } from './append-head.ts'
import { compareWithChain } from './compare-with-chain.ts'
import { addLists, type ListContext, PURPOSES } from './open-lists.ts'
import { type PublishContext, publishHeads } from './publish-heads.ts'
import { rewriteList } from './rewrite-list.ts'

type RecoverContext = ListContext & PublishContext & Parameters<typeof compareWithChain>[0]

export interface Recovered {
  epoch: number
  head: HeadName
  /** The last head that the database knew; what was done after it is not known here. */
  last: Pick<Head, 'epoch' | 'version' | 'issuedAt'> | null
}

/** Open lists and the one closed last: whose indices may have gone to credentials that the database does not know. */
const LISTS_IN_USE = 3

/**
 * Begins the next epoch after the newest that the database or the chain knows. Lists that were open are retired, and what the
 * database does not know of them is revoked: somebody may hold it, and nobody could take it away. The anchor job has the
 * registry open the epoch, signed by the owner of the issuer's DID.
 */
export async function recover(ctx: RecoverContext, by: string): Promise<Recovered> {
  const { value: recovered, replayed } = await ctx.store.once(
    async (tx, onChain): Promise<Recovered> => {
      await tx.lockHeads()
      const known = await tx.lastHead()
      const head = firstHead(ctx, Math.max(onChain.epoch, known?.epoch ?? 0) + 1, known)
      await tx.dropUnsignedHeads()
      for (const list of await tx.newestLists('revocation', LISTS_IN_USE)) await revokeUnknown(tx, head, list.id)
      await tx.closeLists()
      await addLists(ctx, tx, PURPOSES, head)
      await appendHead(tx, head)
      const last = known ? { epoch: known.epoch, version: known.version, issuedAt: known.issuedAt } : null
      const { epoch, version } = head
      return { epoch, head: { epoch, version }, last }
    },
    () => ctx.chain.anchored(),
  )
  if (!replayed) ctx.logger.warn({ by, ...recovered }, 'a new epoch begins')
  await compareWithChain(ctx)
  await publishHeads(ctx)
  return recovered
}

async function revokeUnknown(tx: Transaction, head: NextHead, list: string): Promise<void> {
  const known = new Set(await tx.revocationIndices(list))
  await rewriteList(tx, head, list, (bits) => {
    const unknown = Array.from({ length: bits.length * 8 }, (_, index) => index).filter((index) => !known.has(index))
    return withBits(bits, unknown, true)
  })
}
