import type { Address } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'

/** Who may change the identity: itself, until it is handed on. Lower-case. */
export async function readOwner(
  client: ChainClient,
  { didRegistry, identity }: { didRegistry: Address; identity: Address },
): Promise<Address> {
  const owner = await askChain(
    `read the owner of ${identity}`,
    client.readContract({ address: didRegistry, abi: didRegistryAbi, functionName: 'identityOwner', args: [identity] }),
  )
  return lowerCase(owner)
}
