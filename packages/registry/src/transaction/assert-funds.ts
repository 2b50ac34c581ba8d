import { DomainError } from '@consulate/core'
import { type Address, formatEther } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

/** Throws `chain_unavailable` when the account has less than this many wei: a node would refuse its transaction. */
export async function assertFunds(client: ChainClient, account: Address, cost: bigint): Promise<void> {
  const balance = await askChain(`read the balance of ${account}`, client.getBalance({ address: account }))
  if (balance >= cost) return
  throw new DomainError(
    'chain_unavailable',
    `${account} has ${formatEther(balance)} ETH on chain ${client.chain.id} and needs up to ${formatEther(cost)} ETH: fund the account that pays.`,
  )
}
