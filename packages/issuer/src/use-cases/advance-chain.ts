import { DomainError, type Hex } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ChainCall, ChainState, SignedTransaction } from '../ports.ts'
import type { ChainTransaction, StoredHead, StoredKill } from '../records.ts'

type ChainContext = Pick<Context, 'store' | 'chain' | 'identity' | 'logger' | 'clock' | 'metrics'>

/** Seconds that a transaction may wait before it is offered for more; blocks may be full for a while. */
const OUTBID_AFTER = 180

/**
 * One step of bringing the chain up to what is signed. Every transaction is stored before it is sent; only one is under
 * way at a time; what the chain has lost is sent anew. A chain that does not say what is final keeps nothing from being
 * sent, nor does a call that the contract refuses. True while something still waits to be mined or final.
 */
export async function advanceChain(ctx: ChainContext): Promise<boolean> {
  const { store } = ctx
  await takeBack(ctx)
  const unsettled = await settle(ctx).then(
    () => undefined,
    (error: unknown) => error,
  )
  const sent = await store.transactionsIn(['sent'])
  for (const rivals of Map.groupBy(sent, ({ nonce }) => nonce).values()) await watch(ctx, rivals)
  await dropLostAnchors(ctx)
  if ((await store.transactionsIn(['sent'])).length === 0) await sendNext(ctx)
  if (unsettled) throw unsettled
  return (await store.transactionsIn(['sent', 'mined'])).length > 0
}

/** Transactions with one nonce: one of them will be mined, whichever it is, and the newest offers most. */
async function watch(ctx: ChainContext, rivals: ChainTransaction[]): Promise<void> {
  for (const transaction of rivals) {
    const receipt = await ctx.chain.receipt(transaction.hash)
    if (receipt) return close(ctx, rivals, transaction, receipt)
  }
  const newest = rivals.at(-1)!
  if (await leavesGap(ctx, newest)) {
    for (const transaction of rivals) await giveUp(ctx, transaction, 'nonce gap')
    return
  }
  const higher = ctx.clock.now() - newest.createdAt >= OUTBID_AFTER && (await ctx.chain.outbid(newest.raw))
  if (!higher) return offer(ctx, newest)
  ctx.logger.warn(
    { hash: newest.hash, subject: newest.subject },
    'a transaction waits too long; more is offered for it',
  )
  await send(ctx, newest, higher)
}

async function close(
  { store, logger, metrics }: ChainContext,
  rivals: ChainTransaction[],
  { hash, subject, kind }: ChainTransaction,
  receipt: { block: number; blockHash: Hex; succeeded: boolean; gasUsed: number },
): Promise<void> {
  if (!receipt.succeeded) logger.error({ hash, subject }, 'the chain refused a transaction; it is prepared anew')
  await store.transaction(async (tx) => {
    await tx.saveTransactionState(hash, receipt.succeeded ? 'mined' : 'dropped', receipt)
    for (const rival of rivals) if (rival.hash !== hash) await tx.saveTransactionState(rival.hash, 'dropped')
  })
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
export async function dropLostKills({
  store,
  chain,
  logger,
}: Pick<ChainContext, 'store' | 'chain' | 'logger'>): Promise<void> {
  for (const { id, target, cutoff } of await store.listKills()) {
    const transaction = await store.transactionOf(id)
    if (transaction?.state !== 'mined' && transaction?.state !== 'final') continue
    if ((await chain.deadBefore(target)) >= cutoff) continue
    logger.warn({ kill: id, hash: transaction.hash }, 'the chain lost a kill; it is sent again')
    await store.transaction((tx) => tx.saveTransactionState(transaction.hash, 'dropped'))
  }
}

/** The first of what waits that the contract does not refuse. What it refuses is told, and holds up nothing else. */
async function sendNext(ctx: ChainContext): Promise<void> {
  let refusal: DomainError | undefined
  for (const { about, call } of await whatWaits(ctx)) {
    try {
      await send(ctx, about, await ctx.chain.prepare(call))
      break
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'chain_unavailable') throw error
      refusal ??= error
    }
  }
  if (refusal) throw refusal
}

type Subject = Pick<ChainTransaction, 'kind' | 'subject' | 'epoch' | 'version'>

interface Waiting {
  about: Subject
  call: ChainCall
}

/**
 * The epoch of the newest signed head, when the chain does not have it yet; kills, then that head; the head first after a
 * kill, so that many kills do not keep it off the chain.
 */
async function whatWaits(ctx: ChainContext): Promise<Waiting[]> {
  const kills = (await ctx.store.unsentKills()).filter(isSigned).map(
    (kill): Waiting => ({
      about: { kind: 'kill', subject: kill.id, epoch: null, version: null },
      call: { kill },
    }),
  )
  const onChain = await ctx.chain.anchored()
  const opening = await epochToOpen(ctx, onChain)
  if (opening.length > 0) return [...opening, ...kills]
  const head = await headToAnchor(ctx, onChain)
  if (kills.length === 0 || head.length === 0) return [...kills, ...head]
  const last = await ctx.store.lastTransaction()
  return last?.kind === 'kill' ? [...head, ...kills] : [...kills, ...head]
}

/** One after the other: the registry opens no epoch but the next. */
async function epochToOpen({ store, identity }: ChainContext, onChain: ChainState): Promise<Waiting[]> {
  const head = await store.lastSignedHead()
  if (!head || head.epoch <= onChain.epoch) return []
  const opening = { issuer: identity.address, epoch: onChain.epoch + 1 }
  const about = { kind: 'epoch' as const, subject: `${opening.epoch}`, epoch: opening.epoch, version: null }
  return [{ about, call: { openEpoch: { ...opening, ...(await identity.signOpening(opening)) } } }]
}

/** Heads before the newest need no anchor of their own. */
async function headToAnchor({ store }: ChainContext, anchored: ChainState): Promise<Waiting[]> {
  const head = await store.lastSignedHead()
  if (!head || !isSigned(head)) return []
  const { epoch, version } = head
  if (anchored.epoch > epoch || (anchored.epoch === epoch && anchored.version >= version)) return []
  return [{ about: { kind: 'anchor', subject: `${epoch}:${version}`, epoch, version }, call: { anchor: head } }]
}

async function send(
  ctx: ChainContext,
  { kind, subject, epoch, version }: Subject,
  signed: SignedTransaction,
): Promise<void> {
  const { store, clock } = ctx
  const { hash, raw, nonce } = signed
  const made = { hash, raw, nonce, state: 'sent' as const, block: null, blockHash: null, createdAt: clock.now() }
  const row = { kind, subject, epoch, version, ...made }
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
