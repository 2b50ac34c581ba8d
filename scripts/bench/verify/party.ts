import { generateKeyPairSync, sign } from 'node:crypto'
import { encodeDidKey } from '@consulate/core'

/** Somebody with an Ed25519 did:key who signs compact JWS. */
export interface Party {
  did: string
  signJws(typ: string, payload: object): string
}

export function createParty(): Party {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const did = encodeDidKey(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
  const kid = `${did}#${did.slice('did:key:'.length)}`
  return {
    did,
    signJws(typ, payload) {
      const signingInput = [{ alg: 'EdDSA', typ, kid }, payload].map(encode).join('.')
      const signature = sign(null, Buffer.from(signingInput), privateKey).toString('base64url')
      return flat(`${signingInput}.${signature}`)
    },
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** As it would come from a socket; V8 keeps a string that was put together in pieces until somebody reads it. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1')
}
