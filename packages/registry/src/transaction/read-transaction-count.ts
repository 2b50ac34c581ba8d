import type { Address } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

/** How many transactions of an account are mined: the nonce that the chain waits for. */
export async function readTransactionCount(client: ChainClient, address: Address): Promise<number> {
  return askChain(`count the transactions of ${address}`, client.getTransactionCount({ address, blockTag: 'latest' }))
}
