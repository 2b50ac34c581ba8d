import { DomainError } from '@consulate/core'
import type { KeyResolver } from '@consulate/sdk'
import { NotReady } from '@consulate/server'

/** The key that signs credentials still stands in the issuer's DID document. A chain that is silent has no say in it. */
export async function assertIssuerKey(
  resolver: Pick<KeyResolver, 'resolveKeys'>,
  did: string,
  kid: string,
): Promise<void> {
  try {
    const { verificationMethods } = await resolver.resolveKeys(did)
    if (verificationMethods.get(kid)?.purposes.has('assertionMethod')) return
  } catch (error) {
    if (error instanceof DomainError && error.code === 'did_unresolvable') return
    throw error
  }
  throw new NotReady('key_not_authorized', `${kid} is no assertionMethod of the issuer any more`)
}
