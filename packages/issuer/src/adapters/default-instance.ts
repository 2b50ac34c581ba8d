import { encodeDidKey, envelope } from '@consulate/core'
import type { OpenInstance } from '../instance-ports.ts'
import { DEFAULT_INSTANCE } from '../instances.ts'
import type { IssuerIdentity } from '../ports.ts'
import type { IssuerKeys } from './issuer-identity.ts'

/** The issuer as an instance: as itself it issues credentials of any kind, beside roles. */
export function defaultInstance(
  { did, kid, signCredential }: IssuerIdentity,
  { keys }: Pick<IssuerKeys, 'keys'>,
): OpenInstance {
  return {
    name: DEFAULT_INSTANCE,
    issuer: did,
    verificationMethod: kid,
    publicKeyMultibase: encodeDidKey(Buffer.from(keys.assertionMethod.publicKeyHex, 'hex')).slice('did:key:'.length),
    securing: 'vc+jwt',
    status: ['revocation', 'suspension'],
    foreignIssuers: false,
    secure: async (credential) => ({ ...envelope('vc+jwt', await signCredential(credential)) }),
  }
}
