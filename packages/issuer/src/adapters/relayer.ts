import type { Hex } from '@consulate/core'
import { type Call, type ChainClient, prepareTransaction, signTransaction } from '@consulate/registry'
import { privateKeyToAccount } from 'viem/accounts'

/** Pays for transactions, and may do nothing else. */
export interface Relayer {
  address: Hex
  /** Signs a transaction with the next nonce; sends nothing. */
  prepare(call: Call): Promise<{ raw: Hex; hash: Hex }>
}

export function createRelayer(client: ChainClient, privateKey: Hex): Relayer {
  const { address } = privateKeyToAccount(privateKey)
  return {
    address,
    async prepare(call) {
      return signTransaction(privateKey, await prepareTransaction(client, { from: address, ...call }))
    },
  }
}
