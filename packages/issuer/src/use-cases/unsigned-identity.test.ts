import type { IssuerIdentity } from '../ports.ts'

const DID = 'did:ethr:0x7a69:0x1111111111111111111111111111111111111111'

/** For tests of what is stored and in which order: its signatures are none. */
export const unsignedIdentity: IssuerIdentity = {
  did: DID,
  address: '0x1111111111111111111111111111111111111111',
  kid: `${DID}#delegate-1`,
  signCredential: async (credential) => JSON.stringify(credential),
  tokenLength: (payload) => payload.length,
  signHead: async () => ({ signer: '0x11', signature: '0x22' }),
  signKill: async () => ({ signer: '0x11', signature: '0x22' }),
}
