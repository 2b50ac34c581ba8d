import { keccak256 } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { encodeDelegateType } from './delegate-type.ts'
import type { DelegateQuestion } from './is-delegate.ts'

/** Whether the delegate was ever added, whatever has become of it: ERC-1056 keeps the entry of one that was removed. */
export async function wasDelegate(client: ChainClient, question: DelegateQuestion): Promise<boolean> {
  const { didRegistry, identity, delegateType, delegate } = question
  const validTo = await askChain(
    `read the ${delegateType} delegates of ${identity}`,
    client.readContract({
      address: didRegistry,
      abi: didRegistryAbi,
      functionName: 'delegates',
      args: [identity, keccak256(encodeDelegateType(delegateType)), delegate],
    }),
  )
  return validTo > 0n
}
