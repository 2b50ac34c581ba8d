import { askChain } from './ask-chain.ts'
import type { ChainClient } from './chain-client.ts'

/** The chain that answers now. Throws `chain_unavailable`. */
export async function askChainId(client: ChainClient): Promise<number> {
  return askChain('say which chain it is', client.getChainId())
}
