import { type Hex, hexToNumber } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

export interface Receipt {
  blockNumber: number
  blockHash: Hex
  status: 'success' | 'reverted'
  gasUsed: number
}

/** `undefined` while no block holds the transaction, and again when a reorg has dropped that block. */
export async function readReceipt(client: ChainClient, hash: Hex): Promise<Receipt | undefined> {
  const receipt = await askChain(
    `read the receipt of ${hash}`,
    client.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
  )
  if (!receipt?.blockHash) return undefined
  return {
    blockNumber: hexToNumber(receipt.blockNumber),
    blockHash: receipt.blockHash,
    status: receipt.status === '0x1' ? 'success' : 'reverted',
    gasUsed: hexToNumber(receipt.gasUsed),
  }
}
