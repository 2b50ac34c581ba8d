import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'
import { DomainError } from '@consulate/core'

export type KeyType = 'Ed25519' | 'Secp256k1'

/** @throws DomainError `algorithm_not_allowed` */
export function assertKeyType(type: string): asserts type is KeyType {
  if (type === 'Ed25519' || type === 'Secp256k1') return
  throw new DomainError('algorithm_not_allowed', `Keys of type ${type} are not kept here: use Ed25519 or Secp256k1.`)
}

export function generatePrivateKey(type: KeyType): KeyObject {
  return type === 'Ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
}

/**
 * Reads a raw private key in hex. For Ed25519 also seed ‖ public key, which Veramo writes.
 *
 * @throws DomainError `invalid_request`, without the key
 */
export function importPrivateKey(type: KeyType, hex: string): KeyObject {
  const bytes = Buffer.from(hex.replace(/^0x/, ''), 'hex')
  try {
    return type === 'Ed25519' ? importEd25519(bytes) : importSecp256k1(bytes)
  } catch {
    throw new DomainError('invalid_request', `This is not a private key of type ${type}: expected 32 bytes in hex.`)
  } finally {
    bytes.fill(0)
  }
}

/** In hex: 32 bytes for Ed25519, the uncompressed point (04 ‖ x ‖ y) for Secp256k1. */
export function publicKeyHex(privateKey: KeyObject): string {
  const { kty, x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const hex = (coordinate: string) => Buffer.from(coordinate, 'base64url').toString('hex')
  return kty === 'OKP' ? hex(x) : `04${hex(x)}${hex(y)}`
}

// RFC 8410 §7: the PKCS#8 wrapping of a 32-byte Ed25519 seed.
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function importEd25519(bytes: Buffer): KeyObject {
  if (bytes.length !== 32 && bytes.length !== 64) throw new RangeError('length')
  const der = Buffer.concat([ED25519_PKCS8, bytes.subarray(0, 32)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  if (bytes.length === 64 && publicKeyHex(key) !== bytes.toString('hex', 32)) throw new RangeError('public key')
  return key
}

function importSecp256k1(bytes: Buffer): KeyObject {
  if (bytes.length !== 32) throw new RangeError('length')
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(bytes)
  const point = ecdh.getPublicKey()
  const [x, y, d] = [point.subarray(1, 33), point.subarray(33), bytes].map((part) => part.toString('base64url'))
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'secp256k1', x, y, d } as JsonWebKey })
}
