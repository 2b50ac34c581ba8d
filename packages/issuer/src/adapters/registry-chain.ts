import type { Hex } from '@consulate/core'
import {
  broadcast,
  type ChainClient,
  encodeAnchor,
  encodeKill,
  encodeOpenEpoch,
  type Finality,
  type Relayer,
  readFinalBlock,
  readReceipt,
  readStatus,
} from '@consulate/registry'
import type { ChainConfig } from '@consulate/server'
import type { Chain, ChainCall } from '../ports.ts'

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
    prepare: (call) => relayer.prepare({ to: statusRegistry, data: encode(call) }),
    outbid: relayer.outbid,
    broadcast: (raw) => broadcast(client, raw),
    nextNonce: relayer.nextNonce,
    async receipt(hash) {
      const receipt = await readReceipt(client, hash)
      if (!receipt) return undefined
      const { blockNumber: block, blockHash, status, gasUsed } = receipt
      return { block, blockHash, succeeded: status === 'success', gasUsed }
    },
    finalBlock: () => readFinalBlock(client, finality),
    anchored: () => readStatus(client, { statusRegistry, issuer }),
    deadBefore: async (subject) => (await readStatus(client, { statusRegistry, issuer, subject })).deadBefore,
  }
}

function encode(call: ChainCall): Hex {
  if ('anchor' in call) return encodeAnchor(headOf(call.anchor), call.anchor.signer, call.anchor.signature)
  if ('kill' in call) return encodeKill(call.kill, call.kill.signer, call.kill.signature)
  return encodeOpenEpoch(call.openEpoch, call.openEpoch.signature)
}

function headOf({ issuer, epoch, version, prev, root, issuedAt, validUntil }: Parameters<typeof encodeAnchor>[0]) {
  return { issuer, epoch, version, prev, root, issuedAt, validUntil }
}
