import type { Context } from '../context.ts'
import type { SignedHead, SignedKill } from '../ports.ts'
import type { ChainTransaction, StoredHead, StoredKill } from '../records.ts'

type ChainContext = Pick<Context, 'store' | 'chain' | 'logger' | 'clock' | 'metrics'>

/**
 * One step of bringing the chain up to what is signed. Every transaction is stored before it is sent; only one is under
 * way at a time; what the chain has lost is sent anew. A chain that does not say what is final keeps nothing from being
 * sent. True while something still waits to be mined or final.
 */
export async function advanceChain(ctx: ChainContext): Promise<boolean> {
  const { store } = ctx
  await takeBack(ctx)
  const unsettled = await settle(ctx).then(
    () => undefined,
    (error: unknown) => error,
  )
  for (const transaction of await store.transactionsIn(['sent'])) await watch(ctx, transaction)
  await dropLostAnchors(ctx)
  if ((await store.transactionsIn(['sent'])).length === 0) await sendNext(ctx)
  if (unsettled) throw unsettled
  return (await store.transactionsIn(['sent', 'mined'])).length > 0
}

async function watch(ctx: ChainContext, transaction: ChainTransaction): Promise<void> {
  const { store, chain, logger, metrics } = ctx
  const { hash, subject, kind } = transaction
  const receipt = await chain.receipt(hash)
  if (!receipt)
    return (await leavesGap(ctx, transaction)) ? giveUp(ctx, transaction, 'nonce gap') : offer(ctx, transaction)
  if (!receipt.succeeded) logger.error({ hash, subject }, 'the chain refused a transaction; it is prepared anew')
  const state = receipt.succeeded ? 'mined' : 'dropped'
  await store.transaction((tx) => tx.saveTransactionState(hash, state, receipt))
  metrics.paid(kind, receipt.gasUsed)
}

/** A mined transaction goes back to `sent` when it is not in its block any more. Where the newest stands, all before it do. */
async function takeBack({ store, chain, logger }: ChainContext): Promise<void> {
  const mined = await store.transactionsIn(['mined'])
  const newest = mined.reduce<ChainTransaction | undefined>(
    (one, other) => ((other.block ?? 0) > (one?.block ?? -1) ? other : one),
    undefined,
  )
  if (!newest || (await isInItsBlock(chain, newest))) return
  for (const transaction of mined) {
    if (await isInItsBlock(chain, transaction)) continue
    const { hash, subject, block } = transaction
    logger.warn({ hash, subject, block }, 'the chain went back; a transaction is sent again')
    await store.transaction((tx) => tx.saveTransactionState(hash, 'sent'))
  }
}

/** A mined transaction becomes final with its block. */
async function settle({ store, chain }: ChainContext): Promise<void> {
  const mined = await store.transactionsIn(['mined'])
  if (mined.length === 0) return
  const finalBlock = await chain.finalBlock()
  for (const transaction of mined) {
    if (transaction.block === null || transaction.block > finalBlock) continue
    if (await isInItsBlock(chain, transaction))
      await store.transaction((tx) => tx.saveTransactionState(transaction.hash, 'final'))
  }
}

async function isInItsBlock(chain: Context['chain'], { hash, blockHash }: ChainTransaction): Promise<boolean> {
  return (await chain.receipt(hash))?.blockHash === blockHash
}

/** Even an anchor that was final is checked, not believed: a devnet may lose blocks, a deep reorg may happen. */
async function dropLostAnchors(ctx: ChainContext): Promise<void> {
  const { store, chain, logger } = ctx
  const { epoch, version } = await chain.anchored()
  if (!(await store.anchorOf({ epoch, version: version + 1 }))) return
  logger.warn({ epoch, version }, 'the chain lost anchors; the newest head is sent again')
  await store.transaction((tx) => tx.dropAnchorsBeyond({ epoch, version }))
  await dropLostKills(ctx)
}

/** Looks whether every kill that was on chain still is; what is gone is sent again. Asked at the start, and after a loss. */
export async function dropLostKills({ store, chain, logger }: ChainContext): Promise<void> {
  for (const { id, target, cutoff } of await store.listKills()) {
    const transaction = await store.transactionOf(id)
    if (transaction?.state !== 'mined' && transaction?.state !== 'final') continue
    if ((await chain.deadBefore(target)) >= cutoff) continue
    logger.warn({ kill: id, hash: transaction.hash }, 'the chain lost a kill; it is sent again')
    await store.transaction((tx) => tx.saveTransactionState(transaction.hash, 'dropped'))
  }
}

/** Kills first, then the newest signed head; heads in between need no anchor of their own. */
async function sendNext(ctx: ChainContext): Promise<void> {
  const [kill] = await ctx.store.unsentKills()
  if (kill && isSigned(kill)) return send(ctx, { kind: 'kill', subject: kill.id, epoch: null, version: null }, { kill })
  const head = await ctx.store.lastSignedHead()
  if (!head || !isSigned(head)) return
  const { epoch, version } = head
  const anchored = await ctx.chain.anchored()
  if (anchored.epoch > epoch || (anchored.epoch === epoch && anchored.version >= version)) return
  await send(ctx, { kind: 'anchor', subject: `${epoch}:${version}`, epoch, version }, { anchor: head })
}

async function send(
  ctx: ChainContext,
  about: Pick<ChainTransaction, 'kind' | 'subject' | 'epoch' | 'version'>,
  call: { anchor: SignedHead } | { kill: SignedKill },
): Promise<void> {
  const { store, chain, clock } = ctx
  const prepared = await chain.prepare(call)
  const row = { ...about, ...prepared, state: 'sent' as const, block: null, blockHash: null, createdAt: clock.now() }
  await store.transaction((tx) => tx.addTransaction(row))
  await offer(ctx, row)
}

/** Offers a stored transaction to the chain, again if need be; one whose place was taken is given up and prepared anew. */
async function offer(ctx: ChainContext, transaction: ChainTransaction): Promise<void> {
  const outcome = await ctx.chain.broadcast(transaction.raw)
  if (outcome !== 'accepted') await giveUp(ctx, transaction, outcome)
}

/** A chain that went back waits for an earlier nonce, and would wait for ever. */
async function leavesGap({ chain }: ChainContext, { nonce }: ChainTransaction): Promise<boolean> {
  return nonce > (await chain.nextNonce())
}

async function giveUp(
  { store, logger }: ChainContext,
  { hash, subject }: ChainTransaction,
  why: string,
): Promise<void> {
  logger.warn({ hash, subject, why }, 'a transaction can no longer be mined; what it carried is prepared anew')
  await store.transaction((tx) => tx.saveTransactionState(hash, 'dropped'))
}

function isSigned<T extends StoredHead | StoredKill>(
  value: T,
): value is T & { signer: `0x${string}`; signature: `0x${string}` } {
  return value.signer !== null && value.signature !== null
}
