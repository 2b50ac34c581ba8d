import type { Address } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

/** The block in which the identity changed last; zero when it never did. */
export async function readLastChange(
  client: ChainClient,
  { didRegistry, identity }: { didRegistry: Address; identity: Address },
): Promise<number> {
  const change = client.readContract({
    address: didRegistry,
    abi: didRegistryAbi,
    functionName: 'changed',
    args: [identity],
  })
  return Number(await askChain(`read the last change of ${identity}`, change))
}
