import type { Hex } from '@consulate/core'
import {
  assertFunds,
  type Call,
  type ChainClient,
  outbidTransaction,
  type PreparedTransaction,
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
  const address = privateKeyToAccount(privateKey).address.toLowerCase() as Hex
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

/** Issuing and revoking go on without funds; anchors and kills wait. */
export async function warnOfEmptyRelayer(client: ChainClient, { address }: Relayer, logger: Logger): Promise<void> {
  await assertFunds(client, address, 1n).catch((err: unknown) =>
    logger.warn({ err, relayer: address }, 'the relayer cannot pay: anchors and kills wait until it can'),
  )
}
