import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { assertFunds } from './assert-funds.ts'
import { type Call, prepareTransaction } from './prepare-transaction.ts'
import { readTransactionCount } from './read-transaction-count.ts'
import { signTransaction } from './sign-transaction.ts'

/** Pays for transactions, and may do nothing else. */
export interface Relayer {
  /** Lower-case. */
  address: Hex
  /** Signs a transaction with the next nonce; sends nothing. Throws `chain_unavailable` when it cannot pay. */
  prepare(call: Call): Promise<{ raw: Hex; hash: Hex; nonce: number }>
  /** By what is mined. */
  nextNonce(): Promise<number>
}

export function createRelayer(client: ChainClient, privateKey: Hex): Relayer {
  const address = lowerCase(privateKeyToAccount(privateKey).address)
  return {
    address,
    async prepare(call) {
      const prepared = await prepareTransaction(client, { from: address, ...call })
      await assertFunds(client, address, prepared.gas * prepared.maxFeePerGas)
      return { ...(await signTransaction(privateKey, prepared)), nonce: prepared.nonce }
    },
    nextNonce: () => readTransactionCount(client, address),
  }
}
