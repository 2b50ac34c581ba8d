import { type Address, pad, parseEventLogs } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { readLogs } from '../chain/read-logs.ts'
import { readLastChange } from './read-last-change.ts'

/** A DID that changed in more blocks than this is read from the beginning of the chain. */
const MOST = 500

/**
 * The block in which the identity changed first, found as ERC-1056 links its changes; undefined when it never did. Zero when
 * the links lead nowhere: then any block may be the first.
 */
export async function readFirstChange(
  client: ChainClient,
  { didRegistry, identity }: { didRegistry: Address; identity: Address },
): Promise<number | undefined> {
  let change = await readLastChange(client, { didRegistry, identity })
  if (change === 0) return undefined
  for (let step = 0; step < MOST; step++) {
    const topics = [pad(identity, { size: 32 })]
    const logs = await readLogs(client, didRegistry, topics, { fromBlock: change, toBlock: change })
    const links = parseEventLogs({ abi: didRegistryAbi, logs }).map(({ args }) => Number(args.previousChange))
    const previous = Math.min(...links, change)
    if (previous === change) return 0
    if (previous === 0) return change
    change = previous
  }
  return 0
}
