import { type Hex, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { PreparedTransaction } from './prepare-transaction.ts'

export interface SignedTransaction {
  /** What to store before sending it. */
  raw: Hex
  hash: Hex
}

export async function signTransaction(privateKey: Hex, transaction: PreparedTransaction): Promise<SignedTransaction> {
  const { chainId, nonce, to, data, gas, maxFeePerGas, maxPriorityFeePerGas } = transaction
  const fields = { chainId, nonce, to, data, gas, maxFeePerGas, maxPriorityFeePerGas }
  const raw = await privateKeyToAccount(privateKey).signTransaction({ type: 'eip1559', ...fields })
  return { raw, hash: keccak256(raw) }
}
