import { DomainError } from '@consulate/core'
import { hexToNumber } from 'viem'
import { askChain } from './ask-chain.ts'
import type { ChainClient } from './chain-client.ts'

/** NUMBER, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN: run as init code, it answers with `block.number`. */
const BLOCK_NUMBER = '0x4360005260206000f3'
/** Between the two questions the chain goes on, and one node may lag behind another. */
const TOLERANCE = 1_000

/**
 * Throws `chain_unavailable` when contracts see the block numbers of another chain, as those on Arbitrum see Ethereum's. ERC-1056
 * notes in which block an identity changed, and there that would lead nowhere.
 */
export async function assertOwnBlocks(client: ChainClient): Promise<void> {
  const [seen, newest] = await askChain(
    'compare block numbers',
    Promise.all([client.call({ data: BLOCK_NUMBER }), client.getBlockNumber()]),
  )
  const difference = Math.abs(hexToNumber(seen.data ?? '0x0') - Number(newest))
  if (difference <= TOLERANCE) return
  throw new DomainError(
    'chain_unavailable',
    `On chain ${client.chain.id} contracts see block numbers of another chain, and did:ethr cannot be resolved there: choose a chain of its own blocks, such as Ethereum, Base or Optimism.`,
  )
}
