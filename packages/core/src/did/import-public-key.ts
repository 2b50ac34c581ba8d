import { createPublicKey, type KeyObject } from 'node:crypto'
import { DomainError } from '../errors.ts'

/**
 * Imports a raw 32-byte Ed25519 public key (RFC 8032 §5.1.2). A key that is no point of the curve is imported and
 * verifies nothing.
 *
 * @throws DomainError `did_malformed` for another length, a small-order point, or a y that is not reduced modulo p
 */
export function importEd25519PublicKey(raw: Uint8Array): KeyObject {
  checkEd25519PublicKey(raw)
  const x = Buffer.from(raw).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

/**
 * Imports a secp256k1 point in SEC 1 form, 33 bytes compressed or 65 uncompressed.
 *
 * @throws DomainError `did_malformed`
 */
export function importSecp256k1PublicKey(raw: Uint8Array): KeyObject {
  return importEcPoint('secp256k1', raw)
}

/**
 * Imports a P-256 point in SEC 1 form, 33 bytes compressed or 65 uncompressed.
 *
 * @throws DomainError `did_malformed`
 */
export function importP256PublicKey(raw: Uint8Array): KeyObject {
  return importEcPoint('p256', raw)
}

/** The checks of `importEd25519PublicKey` alone. */
export function checkEd25519PublicKey(raw: Uint8Array): void {
  if (raw.length !== 32)
    throw new DomainError('did_malformed', `An Ed25519 key has 32 bytes; this one has ${raw.length}.`)
  const y = Buffer.from(raw).reverse()
  y[0]! &= 0x7f
  if (y.compare(FIELD_PRIME) >= 0) {
    throw new DomainError('did_malformed', 'The Ed25519 key is not in its canonical encoding; its y must be below p.')
  }
  if (SMALL_ORDER_Y.has(y.toString('hex'))) {
    throw new DomainError('did_malformed', 'The Ed25519 key is a point of small order, under which anybody can sign.')
  }
}

// RFC 5480 §2: the DER of SubjectPublicKeyInfo up to the point itself.
const SPKI = {
  secp256k1: {
    33: '3036301006072a8648ce3d020106052b8104000a032200',
    65: '3056301006072a8648ce3d020106052b8104000a034200',
  },
  p256: {
    33: '3039301306072a8648ce3d020106082a8648ce3d030107032200',
    65: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  },
} as const

// Big-endian, the sign bit cleared. The eight points of small order have these five y.
const FIELD_PRIME = Buffer.from(`7f${'ff'.repeat(30)}ed`, 'hex')
const SMALL_ORDER_Y = new Set([
  '00'.repeat(32),
  `${'00'.repeat(31)}01`,
  `7f${'ff'.repeat(30)}ec`,
  '7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7',
  '05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826',
])

function importEcPoint(curve: 'secp256k1' | 'p256', raw: Uint8Array): KeyObject {
  const compressed = raw.length === 33 && (raw[0] === 2 || raw[0] === 3)
  const uncompressed = raw.length === 65 && raw[0] === 4
  if (!compressed && !uncompressed) throw notAPoint(curve)
  try {
    return importSpki(SPKI[curve][compressed ? 33 : 65], raw)
  } catch (cause) {
    throw notAPoint(curve, cause)
  }
}

function notAPoint(curve: string, cause?: unknown): DomainError {
  return new DomainError('did_malformed', `The key is not a SEC 1 point of ${curve} in 33 or 65 bytes.`, { cause })
}

function importSpki(prefix: string, raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([Buffer.from(prefix, 'hex'), raw]), format: 'der', type: 'spki' })
}
