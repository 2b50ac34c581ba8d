import { DomainError, hashHead } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ChainState, Store } from '../ports.ts'
import type { StoredHead } from '../records.ts'

/**
 * Looks whether the database has every head that the chain has of this issuer. When it was put back to an older copy, or
 * somebody else signs with its key, nothing is signed from here on: versions and indices would be given out twice.
 */
export async function compareWithChain(
  ctx: Pick<Context, 'store' | 'chain' | 'standing' | 'reserve' | 'newestHead' | 'logger'>,
): Promise<void> {
  const { store, standing, logger } = ctx
  const onChain = await ctx.chain.anchored()
  const last = await store.lastHead()
  const was = standing.behind
  const epoch = last?.epoch ?? 0
  standing.behind = (await hasAll(store, onChain, last)) ? undefined : behind(onChain, last)
  if (standing.behind || epoch !== standing.epoch) ctx.reserve.clear() // of lists that are retired
  standing.epoch = epoch
  if (!was === !standing.behind) return
  ctx.newestHead.forget()
  if (standing.behind) logger.error({ err: standing.behind }, 'nothing is signed any more')
  else logger.info('the database has all that the chain has; signing goes on')
}

async function hasAll(store: Pick<Store, 'headAt'>, onChain: ChainState, last: StoredHead | undefined) {
  const { epoch, version, headHash } = onChain
  if (epoch < (last?.epoch ?? 0)) return true // an epoch that is still to be opened there
  if (epoch > (last?.epoch ?? 0) || version > (last?.version ?? 0)) return false
  if (version === 0) return true
  const head = await store.headAt({ epoch, version })
  return head !== undefined && hashHead(head) === headHash
}

function behind({ epoch, version }: ChainState, last: StoredHead | undefined): DomainError {
  const ours = last ? `head ${last.version} of epoch ${last.epoch} in this database` : 'no head in this database'
  return new DomainError(
    'issuer_behind',
    `The chain has head ${version} of epoch ${epoch}, which does not go with ${ours}: it was put back to an older copy, or somebody else signs for this issuer. Nothing is signed until consulate issuer recover has opened a new epoch.`,
  )
}
