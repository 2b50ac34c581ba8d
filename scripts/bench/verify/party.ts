import { forge, newSigner } from '../../../test/system/forge.ts'

/** Somebody with an Ed25519 did:key who signs compact JWS. */
export interface Party {
  did: string
  signJws(typ: string, payload: object): string
}

export function createParty(): Party {
  const signer = newSigner()
  return { did: signer.did, signJws: (typ, payload) => flat(forge(signer, typ, payload)) }
}

/** As it would come from a socket; V8 keeps a string that was put together in pieces until somebody reads it. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1')
}
