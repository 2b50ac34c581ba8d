import { formatEther, zeroAddress } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { gasOffered } from './gas-offered.ts'
import type { Call } from './prepare-transaction.ts'

export interface CallCost {
  /** As it would be offered. */
  gas: bigint
  /** In wei, at the fees of this moment. */
  cost: bigint
  /** The cost in ETH. */
  ether: string
}

/** What a call that anybody may make would cost at the most. One that the contract would refuse is refused here, as when it is made. */
export async function estimateCost(client: ChainClient, { to, data }: Call): Promise<CallCost> {
  const [estimate, { maxFeePerGas }] = await askChain(
    `estimate a call of ${to}`,
    Promise.all([client.estimateGas({ account: zeroAddress, to, data }), client.estimateFeesPerGas()]),
  )
  const gas = gasOffered(estimate)
  const cost = gas * maxFeePerGas
  return { gas, cost, ether: formatEther(cost) }
}
