import { type Address, pad, parseEventLogs } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { readLogs } from '../chain/read-logs.ts'

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
  let change = await askChain(
    `read the last change of ${identity}`,
    client.readContract({ address: didRegistry, abi: didRegistryAbi, functionName: 'changed', args: [identity] }),
  )
  if (change === 0n) return undefined
  for (let step = 0; step < MOST; step++) {
    const block = Number(change)
    const topics = [pad(identity, { size: 32 })]
    const logs = await readLogs(client, didRegistry, topics, { fromBlock: block, toBlock: block })
    const links = parseEventLogs({ abi: didRegistryAbi, logs }).map(({ args }) => args.previousChange)
    const previous = links.reduce((one, other) => (other < one ? other : one), change)
    if (previous === change) return 0
    if (previous === 0n) return block
    change = previous
  }
  return 0
}
