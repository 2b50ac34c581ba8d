import { DomainError } from '@consulate/core'
import { broadcast, type ChainClient, encodeAnchor, encodeKill, readReceipt, readStatus } from '@consulate/registry'
import type { ChainConfig } from '@consulate/server'
import type { Chain } from '../ports.ts'
import type { Relayer } from './relayer.ts'

/** A depth in blocks, or the chain's own word for it: `safe` is an L2's "written to L1". */
export type Finality = 'finalized' | 'safe' | number

/** StatusRegistry, through the relayer's transactions. */
export function createRegistryChain(options: {
  client: ChainClient
  chain: ChainConfig
  relayer: Relayer
  issuer: `0x${string}`
  finality: Finality
}): Chain {
  const { client, chain, relayer, issuer, finality } = options
  const { statusRegistry } = chain
  return {
    prepare(call) {
      const data =
        'anchor' in call
          ? encodeAnchor(headOf(call.anchor), call.anchor.signer, call.anchor.signature)
          : encodeKill(call.kill, call.kill.signer, call.kill.signature)
      return relayer.prepare({ to: statusRegistry, data })
    },
    outbid: relayer.outbid,
    broadcast: (raw) => broadcast(client, raw),
    nextNonce: relayer.nextNonce,
    async receipt(hash) {
      const receipt = await readReceipt(client, hash)
      if (!receipt) return undefined
      const { blockNumber: block, blockHash, status, gasUsed } = receipt
      return { block, blockHash, succeeded: status === 'success', gasUsed }
    },
    finalBlock: () => finalBlock(client, finality),
    anchored: () => readStatus(client, { statusRegistry, issuer }),
    deadBefore: async (subject) => (await readStatus(client, { statusRegistry, issuer, subject })).deadBefore,
  }
}

function headOf({ issuer, epoch, version, prev, root, issuedAt, validUntil }: Parameters<typeof encodeAnchor>[0]) {
  return { issuer, epoch, version, prev, root, issuedAt, validUntil }
}

async function finalBlock(client: ChainClient, finality: Finality): Promise<number> {
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
