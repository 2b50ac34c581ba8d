import type { Hex } from '@consulate/core'
import {
  type Call,
  type ChainClient,
  prepareTransaction,
  readTransactionCount,
  signTransaction,
} from '@consulate/registry'
import { privateKeyToAccount } from 'viem/accounts'

/** Pays for transactions, and may do nothing else. */
export interface Relayer {
  address: Hex
  /** Signs a transaction with the next nonce; sends nothing. */
  prepare(call: Call): Promise<{ raw: Hex; hash: Hex; nonce: number }>
  /** By what is mined. */
  nextNonce(): Promise<number>
}

export function createRelayer(client: ChainClient, privateKey: Hex): Relayer {
  const { address } = privateKeyToAccount(privateKey)
  return {
    address,
    async prepare(call) {
      const prepared = await prepareTransaction(client, { from: address, ...call })
      return { ...(await signTransaction(privateKey, prepared)), nonce: prepared.nonce }
    },
    nextNonce: () => readTransactionCount(client, address),
  }
}
