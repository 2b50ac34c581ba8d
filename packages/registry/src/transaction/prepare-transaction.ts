import type { Address, Hex } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

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
  /** The unmined transaction to take the place of: same nonce, fees 12.5 % up, which every node accepts. */
  replaces?: Fees & { nonce: number }
}

const GAS_LIMIT = 2n ** 24n // of one transaction, EIP-7825

/** Everything but the signature. A call that the contract would refuse is refused here, before it costs anything. */
export async function prepareTransaction(client: ChainClient, intent: TransactionIntent): Promise<PreparedTransaction> {
  const { from, to, data, replaces } = intent
  const [estimate, nonce, fees] = await askChain(
    `prepare a transaction to ${to}`,
    Promise.all([
      client.estimateGas({ account: from, to, data }),
      replaces?.nonce ?? client.getTransactionCount({ address: from, blockTag: 'pending' }),
      client.estimateFeesPerGas(),
    ]),
  )
  const gas = min(estimate + estimate / 4n, GAS_LIMIT)
  return { chainId: client.chain.id, nonce, to, data, gas, ...(replaces ? outbid(replaces, fees) : fees) }
}

function outbid(old: Fees, current: Fees): Fees {
  const maxPriorityFeePerGas = max(raise(old.maxPriorityFeePerGas), current.maxPriorityFeePerGas)
  return {
    maxPriorityFeePerGas,
    maxFeePerGas: max(max(raise(old.maxFeePerGas), current.maxFeePerGas), maxPriorityFeePerGas),
  }
}

function raise(fee: bigint): bigint {
  return fee + fee / 8n + 1n
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
