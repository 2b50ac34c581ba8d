import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { encodeDidKey } from '@consulate/core'

/** Somebody with an Ed25519 key who signs whatever they like. */
export interface Signer {
  did: string
  /** The DID URL of the key. */
  kid: string
  privateKey: KeyObject
}

/** A stranger with a did:key of their own. */
export function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const did = encodeDidKey(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
  return { did, kid: `${did}#${did.slice('did:key:'.length)}`, privateKey }
}

/** A compact JWS over any header and payload. */
export function forge({ kid, privateKey }: Omit<Signer, 'did'>, typ: string, payload: unknown, header = {}): string {
  const input = `${encode({ alg: 'EdDSA', typ, kid, ...header })}.${encode(payload)}`
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}

export function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
