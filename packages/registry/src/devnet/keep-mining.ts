import { setTimeout as delay } from 'node:timers/promises'
import type { Block, Hash } from 'viem'
import type { ChainClient } from '../chain/chain-client.ts'

export interface KeepMining {
  stop(): Promise<void>
}

/**
 * For our own devnet, which mines only when it is sent a transaction: adds empty blocks, one an interval (milliseconds),
 * until `depth` of them lie on the newest block that holds a transaction. A quiet chain stays as it is.
 */
export function keepMining(client: ChainClient, depth: number, interval = 250): KeepMining {
  const ending = new AbortController()
  const running = mine(client, depth, interval, ending.signal)
  return {
    stop() {
      ending.abort()
      return running
    },
  }
}

async function mine(client: ChainClient, depth: number, interval: number, signal: AbortSignal): Promise<void> {
  let quiet: Hash | null = null
  while (!signal.aborted) {
    try {
      const newest = await client.getBlock()
      if (newest.hash !== quiet) {
        if (await isWaiting(client, newest, depth)) await mineBlock(client)
        else quiet = newest.hash
      }
    } catch {
      // the chain is away for a moment, or for good: whoever runs it knows
    }
    await delay(interval, undefined, { signal }).catch(() => {})
  }
}

type Newest = Pick<Block<bigint, false, 'latest'>, 'number' | 'transactions'>

/** Whether one of the newest `depth` blocks holds a transaction. */
async function isWaiting(client: ChainClient, { number, transactions }: Newest, depth: number): Promise<boolean> {
  if (number > 0n && transactions.length > 0) return true
  for (let blockNumber = number - 1n; blockNumber > 0n && blockNumber > number - BigInt(depth); blockNumber--) {
    if ((await client.getBlockTransactionCount({ blockNumber })) > 0) return true
  }
  return false
}

async function mineBlock(client: ChainClient): Promise<void> {
  await client.request<{ Method: 'evm_mine'; Parameters?: undefined; ReturnType: unknown }>({ method: 'evm_mine' })
}
