import type { Address, Hex } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { gasOffered } from './gas-offered.ts'

export interface Call {
  to: Address
  data: Hex
}

export interface Fees {
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

export interface PreparedTransaction extends Call, Fees {
  chainId: number
  nonce: number
  gas: bigint
}

export interface TransactionIntent extends Call {
  from: Address
}

/** Everything but the signature. A call that the contract would refuse is refused here, before it costs anything. */
export async function prepareTransaction(client: ChainClient, intent: TransactionIntent): Promise<PreparedTransaction> {
  const { from, to, data } = intent
  const [estimate, nonce, fees] = await askChain(
    `prepare a transaction to ${to}`,
    Promise.all([
      client.estimateGas({ account: from, to, data }),
      client.getTransactionCount({ address: from, blockTag: 'pending' }),
      client.estimateFeesPerGas(),
    ]),
  )
  return { chainId: client.chain.id, nonce, to, data, gas: gasOffered(estimate), ...fees }
}
