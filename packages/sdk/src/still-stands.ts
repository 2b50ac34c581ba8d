import type { Block, ChainReader } from './chain-reader.ts'

/** Whether a block that was seen is one of those that lead to the newest; a child of it says so itself. */
export async function stillStands(
  reader: Pick<ChainReader, 'blockHash'>,
  seen: Pick<Block, 'number' | 'hash'>,
  newest: Block,
): Promise<boolean> {
  if (seen.number === newest.number) return seen.hash === newest.hash
  if (seen.number === newest.number - 1) return seen.hash === newest.parentHash
  return seen.number < newest.number && (await reader.blockHash(seen.number)) === seen.hash
}
