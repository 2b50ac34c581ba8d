import type { Address } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

/** How many signed calls of this owner the ERC-1056 registry has taken: the nonce its next one must carry. */
export async function readNonce(
  client: ChainClient,
  { didRegistry, owner }: { didRegistry: Address; owner: Address },
): Promise<bigint> {
  return askChain(
    `read the registry nonce of ${owner}`,
    client.readContract({ address: didRegistry, abi: didRegistryAbi, functionName: 'nonce', args: [owner] }),
  )
}
