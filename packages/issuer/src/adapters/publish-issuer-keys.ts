import { DomainError, type Hex } from '@consulate/core'
import {
  addDelegateDigest,
  addressOfKey,
  broadcast,
  type Call,
  type ChainClient,
  ED25519_KEY_ATTRIBUTE,
  encodeAddDelegateSigned,
  encodeSetAttributeSigned,
  isDelegate,
  type OwnerCall,
  type Relayer,
  readNonce,
  setAttributeDigest,
  waitForReceipt,
} from '@consulate/registry'
import type { KeyResolver } from '@consulate/sdk'
import { type ChainConfig, type NodeKms, signDigest } from '@consulate/server'
import type { Metrics } from '../ports.ts'
import type { IssuerKeys } from './issuer-identity.ts'

/** Ten years, in seconds: an entry that ran out would silence the issuer. */
const VALIDITY = 315_360_000

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

/**
 * Sees to it that the issuer's keys stand in its DID document and its delegates in the registry; what is there already is
 * left alone, what a devnet has lost is put back. Signed by the DID's owner, paid by the relayer. Answers with the DID URL
 * of the key that signs credentials.
 */
export async function publishIssuerKeys(on: IssuerOnChain, issuer: IssuerKeys): Promise<string> {
  const { did, address, keys } = issuer
  for (const purpose of ['statusAnchor', 'statusKill'] as const) {
    const delegate = addressOfKey(keys[purpose].publicKeyHex)
    const question = { didRegistry: on.chain.didRegistry, identity: address, delegateType: purpose, delegate }
    if (await isDelegate(on.client, question)) continue
    const entry = { delegateType: purpose, delegate, validity: VALIDITY }
    await change(
      on,
      issuer,
      (call) => addDelegateDigest(call, entry),
      (signature) => encodeAddDelegateSigned(address, entry, signature),
    )
  }
  if ((await assertionMethod(on, issuer)) === undefined) {
    const value: Hex = `0x${keys.assertionMethod.publicKeyHex}`
    const attribute = { name: ED25519_KEY_ATTRIBUTE, value, validity: VALIDITY }
    await change(
      on,
      issuer,
      (call) => setAttributeDigest(call, attribute),
      (signature) => encodeSetAttributeSigned(address, attribute, signature),
    )
  }
  const kid = await assertionMethod(on, issuer)
  if (kid) return kid
  throw new DomainError('chain_unavailable', `The key of ${did} was set on chain but does not resolve; start again.`)
}

/** The DID URL under which the issuer's assertion key resolves now. */
async function assertionMethod({ resolver }: IssuerOnChain, { did, keys }: IssuerKeys): Promise<string | undefined> {
  resolver.invalidate(did)
  const { verificationMethods } = await resolver.resolveKeys(did)
  const wanted = Buffer.from(keys.assertionMethod.publicKeyHex, 'hex').toString('base64url')
  for (const { id, publicKey, purposes } of verificationMethods.values())
    if (purposes.has('assertionMethod') && publicKey?.export({ format: 'jwk' }).x === wanted) return id
  return undefined
}

async function change(
  { kms, client, chain, relayer, metrics }: IssuerOnChain,
  { did, address, owner }: IssuerKeys,
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
    throw new DomainError(
      'chain_unavailable',
      `The registry refused a change of the issuer's DID (transaction ${hash}).`,
    )
}

function cannotBegin(did: string, { address }: Relayer, error: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  return new DomainError(
    error.code,
    `The keys of ${did} must stand on chain before it can issue, and the relayer ${address} could not see to that. ${error.message}`,
    { ...(error.reason !== undefined && { reason: error.reason }), cause: error },
  )
}
