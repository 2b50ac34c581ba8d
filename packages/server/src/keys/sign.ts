import { type KeyObject, sign } from 'node:crypto'
import { DomainError } from '@consulate/core'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { KeyType } from './private-key.ts'

type Sign = (key: KeyObject, data: Uint8Array) => string

/** What a key of each type can do, under the names of JOSE (RFC 8037, RFC 8812) and of Veramo. */
const SIGNERS: Record<KeyType, Record<string, Sign>> = {
  Ed25519: { EdDSA: (key, data) => sign(null, data, key).toString('base64url') },
  Secp256k1: { ES256K: signEs256k, eth_rawSign: signDigest },
}

export function algorithmsOf(type: KeyType): string[] {
  return Object.keys(SIGNERS[type])
}

/**
 * @param algorithm defaults to the JOSE algorithm of the key's type
 * @throws DomainError `algorithm_not_allowed`
 */
export function signWith(type: KeyType, key: KeyObject, data: Uint8Array, algorithm = algorithmsOf(type)[0]): string {
  const signer = Object.entries(SIGNERS[type]).find(([name]) => name === algorithm)?.[1]
  if (signer) return signer(key, data)
  throw new DomainError(
    'algorithm_not_allowed',
    `A key of type ${type} does not sign ${algorithm}: use ${algorithmsOf(type).join(' or ')}.`,
  )
}

function signEs256k(key: KeyObject, data: Uint8Array): string {
  const signature = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
  return Buffer.from(lowS(signature)).toString('base64url')
}

/** OpenSSL gives either of the valid signatures (r, s) and (r, n − s); verifiers take the one with the lower s. */
function lowS(signature: Uint8Array): Uint8Array {
  const parsed = secp256k1.Signature.fromBytes(signature, 'compact')
  if (!parsed.hasHighS()) return signature
  return new secp256k1.Signature(parsed.r, secp256k1.Point.Fn.neg(parsed.s)).toBytes('compact')
}

/** r ‖ s ‖ v of a 32-byte digest, 65 bytes in 0x-hex, v being 27 or 28 as Ethereum's ecrecover takes it. */
function signDigest(key: KeyObject, digest: Uint8Array): string {
  if (digest.length !== 32) {
    throw new DomainError('invalid_request', `eth_rawSign takes a digest of 32 bytes; got ${digest.length}.`)
  }
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
  try {
    const [recovery = 0, ...rs] = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
    return `0x${Buffer.from([...rs, 27 + recovery]).toString('hex')}`
  } finally {
    secret.fill(0)
  }
}
