import { DomainError, type Hex } from '@consulate/core'
import {
  broadcast,
  type Call,
  type ChainClient,
  type OwnerCall,
  type Relayer,
  readNonce,
  waitForReceipt,
} from '@consulate/registry'
import type { KeyResolver } from '@consulate/sdk'
import { type ChainConfig, signDigest } from '@consulate/server'
import type { NodeKms } from '@consulate/server/veramo'
import type { Metrics } from '../ports.ts'

/** Ten years, in seconds: an entry that ran out would silence the issuer. */
export const VALIDITY = 315_360_000

/** Milliseconds for a transaction to be mined: blocks may be 12 s apart, and full. */
const PATIENCE = 300_000

export interface IssuerOnChain {
  kms: NodeKms
  client: ChainClient
  chain: ChainConfig
  relayer: Relayer
  resolver: KeyResolver
  metrics: Pick<Metrics, 'paid'>
}

/** A did:ethr of ours, and the name of the key that controls it. */
export interface OwnDid {
  did: string
  address: Hex
  owner: { kid: string }
}

/** A change of a DID of ours, signed by its owner, paid by the relayer, and mined. Throws `chain_unavailable` and the like. */
export async function changeOwnDid(
  { kms, client, chain, relayer, metrics }: IssuerOnChain,
  { did, address, owner }: OwnDid,
  digestOf: (call: OwnerCall) => Hex,
  dataOf: (signature: Hex) => Hex,
): Promise<void> {
  const { didRegistry } = chain
  const nonce = await readNonce(client, { didRegistry, owner: address })
  const signature = await signDigest(kms, owner.kid, digestOf({ didRegistry, identity: address, nonce }))
  const call: Call = { to: didRegistry, data: dataOf(signature) }
  const { raw, hash } = await relayer.prepare(call).catch((error) => {
    throw cannotBegin(did, relayer, error)
  })
  await broadcast(client, raw)
  const receipt = await waitForReceipt(client, hash, PATIENCE)
  metrics.paid('identity', receipt.gasUsed)
  if (receipt.status !== 'success')
    throw new DomainError('chain_unavailable', `The registry refused a change of ${did} (transaction ${hash}).`)
}

function cannotBegin(did: string, { address }: Relayer, error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  return new DomainError(
    error.code,
    `The keys of ${did} must stand on chain before it can issue, and the relayer ${address} could not see to that. ${error.message}`,
    { ...(error.reason !== undefined && { reason: error.reason }), cause: error },
  )
}
