import { parseEthrDid } from '@consulate/core'
import {
  broadcast,
  createChainClient,
  encodeRevokeDelegateSigned,
  type OwnerCall,
  prepareTransaction,
  readNonce,
  revokeDelegateDigest,
  signTransaction,
  waitForReceipt,
} from '@consulate/registry'
import type { Hex } from 'viem'
import { serializeSignature, sign } from 'viem/accounts'
import { ownerKey } from './sealed-keys.ts'
import type { System } from './start-system.ts'

/** Changes the issuer's DID as its owner, on chain; somebody else pays. */
export async function asOwner(
  system: System,
  digestOf: (call: OwnerCall) => Hex,
  dataOf: (identity: Hex, signature: Hex) => Hex,
): Promise<void> {
  const { didRegistry } = system.chain
  const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
  const identity = parseEthrDid(system.issuer.did).address
  const nonce = await readNonce(client, { didRegistry, owner: identity })
  const hash = digestOf({ didRegistry, identity, nonce })
  const signature = serializeSignature(await sign({ hash, privateKey: ownerKey(system) }))
  const { address: from, privateKey } = system.devnet.accounts[5]!
  const call = { from, to: didRegistry, data: dataOf(identity, signature) }
  const { raw, hash: transaction } = await signTransaction(privateKey, await prepareTransaction(client, call))
  await broadcast(client, raw)
  const { status } = await waitForReceipt(client, transaction)
  if (status !== 'success') throw new Error('the registry refused the owner')
}

/** Removes the key that signs the issuer's heads now. */
export async function removeAnchorDelegate(system: System): Promise<void> {
  const { signer: delegate } = (await (await fetch(`${system.issuer.url}/status/head`)).json()) as { signer: Hex }
  const entry = { delegateType: 'statusAnchor', delegate } as const
  await asOwner(
    system,
    (call) => revokeDelegateDigest(call, entry),
    (identity, signature) => encodeRevokeDelegateSigned(identity, entry, signature),
  )
}
