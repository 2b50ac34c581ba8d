import { type Hex, parseTransaction } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import type { Fees, PreparedTransaction } from './prepare-transaction.ts'

/**
 * What can take the place of a signed transaction that waits: the same call and nonce for 12.5 % more, which every node
 * accepts, or for what the chain asks now, if that is more. `undefined` while it asks no more than the one that waits
 * offers: then it is not the price that keeps that one waiting.
 */
export async function outbidTransaction(client: ChainClient, raw: Hex): Promise<PreparedTransaction | undefined> {
  const { to, data = '0x', nonce, gas, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(raw)
  if (!to || nonce === undefined || gas === undefined) throw new Error('not a transaction of ours')
  const offered: Fees = { maxFeePerGas: maxFeePerGas ?? 0n, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n }
  const asked = await askChain('say what it asks for gas', client.estimateFeesPerGas())
  if (asked.maxFeePerGas <= offered.maxFeePerGas && asked.maxPriorityFeePerGas <= offered.maxPriorityFeePerGas)
    return undefined
  return { chainId: client.chain.id, nonce, to, data, gas, ...outbid(offered, asked) }
}

function outbid(offered: Fees, asked: Fees): Fees {
  const maxPriorityFeePerGas = max(raise(offered.maxPriorityFeePerGas), asked.maxPriorityFeePerGas)
  return {
    maxPriorityFeePerGas,
    maxFeePerGas: max(max(raise(offered.maxFeePerGas), asked.maxFeePerGas), maxPriorityFeePerGas),
  }
}

function raise(fee: bigint): bigint {
  return fee + fee / 8n + 1n
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
