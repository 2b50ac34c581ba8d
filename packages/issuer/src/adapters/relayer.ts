import type { Hex } from '@consulate/core'
import {
  assertFunds,
  type Call,
  type ChainClient,
  prepareTransaction,
  readTransactionCount,
  signTransaction,
} from '@consulate/registry'
import type { Logger } from '@consulate/server'
import { privateKeyToAccount } from 'viem/accounts'

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
  const address = privateKeyToAccount(privateKey).address.toLowerCase() as Hex
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

/** Issuing and revoking go on without funds; anchors and kills wait. */
export async function warnOfEmptyRelayer(client: ChainClient, { address }: Relayer, logger: Logger): Promise<void> {
  await assertFunds(client, address, 1n).catch((err: unknown) =>
    logger.warn({ err, relayer: address }, 'the relayer cannot pay: anchors and kills wait until it can'),
  )
}
