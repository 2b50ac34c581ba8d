import { DomainError, parseEthrDid } from '@consulate/core'
import {
  broadcast,
  type ChainClient,
  changeOwnerDigest,
  encodeChangeOwnerSigned,
  type Finality,
  type Relayer,
  readFinalBlock,
  readLastChange,
  readNonce,
  readOwner,
  readReceipt,
} from '@consulate/registry'
import type { ChainReader } from '@consulate/sdk'
import { type ChainConfig, signDigest } from '@consulate/server'
import type { DidStore, NodeKms } from '@consulate/server/veramo'
import type { Ownership } from '../ports.ts'
import { findEthrKey } from './agent-keys.ts'

/** ERC-1056, through the relayer's transactions. */
export function createRegistryOwnership(options: {
  client: ChainClient
  chain: ChainConfig
  reader: Pick<ChainReader, 'blockHash'>
  /** Undefined when nobody pays for changes. */
  relayer: Relayer | undefined
  dids: DidStore
  kms: NodeKms
  finality: Finality
}): Ownership {
  const { client, chain, reader, relayer, dids, kms, finality } = options
  const { didRegistry } = chain
  const payer = (): Relayer => {
    if (relayer) return relayer
    throw new DomainError(
      'unavailable',
      'Nobody pays for the change of a did:ethr: set CONSULATE_WALLET_RELAYER_KEY to the key of a funded account.',
    )
  }
  return {
    assertPayer: () => void payer(),
    owner: (did) => readOwner(client, { didRegistry, identity: parseEthrDid(did).address }),
    async prepare(did, { from, to }) {
      const { address: identity } = parseEthrDid(did)
      const key = await findEthrKey(dids, did, from)
      if (key === undefined)
        throw new DomainError('key_not_found', `No key of ${did} with the address ${from} is kept here.`)
      const nonce = await readNonce(client, { didRegistry, owner: from })
      const signature = await signDigest(kms, key, changeOwnerDigest({ didRegistry, identity, nonce }, to))
      return payer().prepare({ to: didRegistry, data: encodeChangeOwnerSigned(identity, to, signature) })
    },
    broadcast: (raw) => broadcast(client, raw),
    async receipt(hash) {
      const receipt = await readReceipt(client, hash)
      return receipt && { succeeded: receipt.status === 'success' }
    },
    nextNonce: () => payer().nextNonce(),
    lastChange: (did) => readLastChange(client, { didRegistry, identity: parseEthrDid(did).address }),
    blockHash: reader.blockHash,
    finalBlock: () => readFinalBlock(client, finality),
  }
}
