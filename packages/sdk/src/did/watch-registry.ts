import { ethrDid } from '@consulate/core'
import type { BlockRange } from '@consulate/registry'
import type { Block, ChainReader } from '../chain-reader.ts'
import { stillStands } from '../still-stands.ts'
import type { KeyResolver } from './key-resolver.ts'

/** At most this many blocks are asked for at once; after a longer silence everything is forgotten instead. */
const MAX_BLOCKS = 1_000

/**
 * Forgets keys as soon as the registry's events say that they changed: `round` once is one look at the chain.
 * A chain that went back makes everything be forgotten.
 */
export function watchRegistry(
  chainId: number,
  reader: ChainReader,
  resolver: Pick<KeyResolver, 'invalidate'>,
  onChange: (did: string | undefined) => void = () => {},
): { round(): Promise<void> } {
  let seen: Block | undefined
  const forget = (did?: string) => {
    resolver.invalidate(did)
    onChange(did)
  }
  return {
    async round() {
      const newest = await reader.newestBlock()
      if (seen && newest.number === seen.number && newest.hash === seen.hash) return
      const from = await firstUnseen(reader, seen, newest)
      if (from === undefined) forget()
      else {
        const changed = await reader.changedIdentities({ fromBlock: from, toBlock: newest.number })
        for (const identity of changed) forget(ethrDid(chainId, identity))
      }
      seen = newest
    },
  }
}

/** The first block to read, or undefined when what was seen no longer stands or lies too far back. */
async function firstUnseen(
  reader: ChainReader,
  seen: Block | undefined,
  newest: Block,
): Promise<BlockRange['fromBlock'] | undefined> {
  if (!seen || newest.number - seen.number > MAX_BLOCKS || newest.number <= seen.number) return undefined
  return (await stillStands(reader, seen, newest)) ? seen.number + 1 : undefined
}
