import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { assertFunds } from './assert-funds.ts'
import { outbidTransaction } from './outbid-transaction.ts'
import { type Call, type PreparedTransaction, prepareTransaction } from './prepare-transaction.ts'
import { readTransactionCount } from './read-transaction-count.ts'
import { signTransaction } from './sign-transaction.ts'

/** Pays for transactions, and may do nothing else. */
export interface Relayer {
  /** Lower-case. */
  address: Hex
  /** Signs a transaction with the next nonce; sends nothing. Throws `chain_unavailable` when it cannot pay. */
  prepare(call: Call): Promise<Signed>
  /** Signs what can take the place of a transaction that waits; undefined while its price is not what keeps it waiting. */
  outbid(raw: Hex): Promise<Signed | undefined>
  /** By what is mined. */
  nextNonce(): Promise<number>
}

interface Signed {
  raw: Hex
  hash: Hex
  nonce: number
}

export function createRelayer(client: ChainClient, privateKey: Hex): Relayer {
  const address = lowerCase(privateKeyToAccount(privateKey).address)
  const sign = async (prepared: PreparedTransaction): Promise<Signed> => {
    await assertFunds(client, address, prepared.gas * prepared.maxFeePerGas)
    return { ...(await signTransaction(privateKey, prepared)), nonce: prepared.nonce }
  }
  return {
    address,
    prepare: async (call) => sign(await prepareTransaction(client, { from: address, ...call })),
    async outbid(raw) {
      const prepared = await outbidTransaction(client, raw)
      return prepared && sign(prepared)
    },
    nextNonce: () => readTransactionCount(client, address),
  }
}
