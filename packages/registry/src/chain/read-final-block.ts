import { DomainError } from '@consulate/core'
import type { ChainClient } from './chain-client.ts'

/** A depth in blocks, or the chain's own word for it: `safe` is an L2's "written to L1". */
export type Finality = 'finalized' | 'safe' | number

/** The newest block that is final. Throws `chain_unavailable`. */
export async function readFinalBlock(client: ChainClient, finality: Finality): Promise<number> {
  try {
    if (typeof finality === 'number') return Number(await client.getBlockNumber()) - finality
    return Number((await client.getBlock({ blockTag: finality })).number)
  } catch (cause) {
    throw new DomainError(
      'chain_unavailable',
      `The chain does not say which of its blocks are ${finality === 'safe' ? 'safe' : 'final'}: try again, or set CONSULATE_FINALITY to a depth in blocks.`,
      { cause },
    )
  }
}
