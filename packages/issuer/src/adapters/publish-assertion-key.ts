import { DomainError, type Hex } from '@consulate/core'
import { ED25519_KEY_ATTRIBUTE, encodeSetAttributeSigned, setAttributeDigest } from '@consulate/registry'
import { changeOwnDid, type IssuerOnChain, type OwnDid, VALIDITY } from './change-own-did.ts'

/**
 * Sees to it that an Ed25519 key stands in a DID document of ours as an assertion method; one that stands there already is left
 * alone. Answers with its DID URL.
 */
export async function publishAssertionKey(on: IssuerOnChain, own: OwnDid, publicKeyHex: string): Promise<string> {
  const known = await assertionMethod(on, own, publicKeyHex)
  if (known) return known
  const attribute = { name: ED25519_KEY_ATTRIBUTE, value: `0x${publicKeyHex}` as Hex, validity: VALIDITY }
  await changeOwnDid(
    on,
    own,
    (call) => setAttributeDigest(call, attribute),
    (signature) => encodeSetAttributeSigned(own.address, attribute, signature),
  )
  const kid = await assertionMethod(on, own, publicKeyHex)
  if (kid) return kid
  throw new DomainError(
    'chain_unavailable',
    `The key of ${own.did} was set on chain but does not resolve; start again.`,
  )
}

/** The DID URL under which the key resolves now. */
async function assertionMethod(
  { resolver }: IssuerOnChain,
  { did }: OwnDid,
  publicKeyHex: string,
): Promise<string | undefined> {
  resolver.invalidate(did)
  const { verificationMethods } = await resolver.resolveKeys(did)
  const wanted = Buffer.from(publicKeyHex, 'hex').toString('base64url')
  for (const { id, publicKey, purposes } of verificationMethods.values())
    if (purposes.has('assertionMethod') && publicKey?.export({ format: 'jwk' }).x === wanted) return id
  return undefined
}
