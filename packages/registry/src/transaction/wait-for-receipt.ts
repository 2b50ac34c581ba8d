import { setTimeout as delay } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import type { Hex } from 'viem'
import type { ChainClient } from '../chain/chain-client.ts'
import { type Receipt, readReceipt } from './read-receipt.ts'

const SLOWEST = 2_000 // milliseconds between two looks

/** Even a chain that mines at once may answer before its block exists. Throws `chain_unavailable` after `timeout` ms. */
export async function waitForReceipt(client: ChainClient, hash: Hex, timeout = 60_000): Promise<Receipt> {
  const deadline = performance.now() + timeout
  let pause = client.pollingInterval
  while (performance.now() < deadline) {
    const receipt = await readReceipt(client, hash)
    if (receipt) return receipt
    await delay(pause)
    pause = Math.min(pause * 1.5, SLOWEST)
  }
  throw new DomainError(
    'chain_unavailable',
    `Transaction ${hash} was not mined within ${timeout / 1000} s: check that the chain makes blocks and the fee suffices.`,
  )
}
