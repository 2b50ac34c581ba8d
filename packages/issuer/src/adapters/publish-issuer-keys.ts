import { addDelegateDigest, addressOfKey, encodeAddDelegateSigned, isDelegate } from '@consulate/registry'
import { changeOwnDid, type IssuerOnChain, VALIDITY } from './change-own-did.ts'
import type { IssuerKeys } from './issuer-identity.ts'
import { publishAssertionKey } from './publish-assertion-key.ts'

/**
 * Sees to it that the issuer's keys stand in its DID document and its delegates in the registry; what is there already is
 * left alone, what a devnet has lost is put back. Answers with the DID URL of the key that signs credentials.
 */
export async function publishIssuerKeys(on: IssuerOnChain, issuer: IssuerKeys): Promise<string> {
  const { address, keys } = issuer
  for (const purpose of ['statusAnchor', 'statusKill'] as const) {
    const delegate = addressOfKey(keys[purpose].publicKeyHex)
    const question = { didRegistry: on.chain.didRegistry, identity: address, delegateType: purpose, delegate }
    if (await isDelegate(on.client, question)) continue
    const entry = { delegateType: purpose, delegate, validity: VALIDITY }
    await changeOwnDid(
      on,
      issuer,
      (call) => addDelegateDigest(call, entry),
      (signature) => encodeAddDelegateSigned(address, entry, signature),
    )
  }
  return publishAssertionKey(on, issuer, keys.assertionMethod.publicKeyHex)
}
