import type { Address } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { type DelegateType, encodeDelegateType } from './delegate-type.ts'

export interface DelegateQuestion {
  didRegistry: Address
  identity: Address
  delegateType: DelegateType
  delegate: Address
}

/** Whether the delegate's entry stands and has not expired. The owner is no delegate unless it was added. */
export async function isDelegate(client: ChainClient, question: DelegateQuestion): Promise<boolean> {
  const { didRegistry, identity, delegateType, delegate } = question
  return askChain(
    `read the ${delegateType} delegates of ${identity}`,
    client.readContract({
      address: didRegistry,
      abi: didRegistryAbi,
      functionName: 'validDelegate',
      args: [identity, encodeDelegateType(delegateType), delegate],
    }),
  )
}
