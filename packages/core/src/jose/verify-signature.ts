import { verify } from 'node:crypto'
import type { SignatureAlgorithm, VerificationMethod } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { accountKey } from './account-key.ts'

// The group orders: RFC 8032 §5.1, SEC 2 §2.4.2 (P-256) and §2.4.1 (secp256k1).
const ED25519_ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const ZERO = scalar(0n)
const ED25519_LIMIT = scalar(ED25519_ORDER).reverse()
const EC_LIMITS = {
  ES256: { order: scalar(P256_ORDER), half: scalar(P256_ORDER / 2n) },
  ES256K: { order: scalar(SECP256K1_ORDER), half: scalar(SECP256K1_ORDER / 2n) },
}

/**
 * Verifies a JWS signature (RFC 7518 §3.4, RFC 8037 §3.1, RFC 8812 §3.2): 64 bytes, for EC `r‖s` with s in the lower half of
 * the order, for Ed25519 `R‖S` with S reduced, so that no signature has a twin.
 *
 * @throws DomainError `algorithm_not_allowed` when `alg` is not the key's algorithm, `signature_invalid`
 */
export function verifySignature(
  method: VerificationMethod,
  alg: SignatureAlgorithm,
  signingInput: Uint8Array,
  signature: Uint8Array,
): void {
  if (alg !== method.algorithm) {
    throw new DomainError(
      'algorithm_not_allowed',
      `The token's alg is ${alg}, but ${method.id} is a key for ${method.algorithm}.`,
    )
  }
  if (!isCanonical(alg, signature) || !verifies(method, signingInput, signature)) {
    throw new DomainError('signature_invalid', `The signature was not made by ${method.id} over this content.`)
  }
}

function isCanonical(alg: SignatureAlgorithm, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  if (alg === 'EdDSA') return isReduced(signature)
  const left = Buffer.from(signature.subarray(0, 32))
  const right = Buffer.from(signature.subarray(32))
  const { order, half } = EC_LIMITS[alg]
  return left.compare(ZERO) > 0 && left.compare(order) < 0 && right.compare(ZERO) > 0 && right.compare(half) <= 0
}

/** S is little-endian; its first byte that differs from the order's decides. */
function isReduced(signature: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = signature[32 + i]! - ED25519_LIMIT[i]!
    if (difference !== 0) return difference < 0
  }
  return false
}

function verifies(method: VerificationMethod, signingInput: Uint8Array, signature: Uint8Array): boolean {
  if (method.algorithm === 'EdDSA') return verify(null, signingInput, method.publicKey, signature)
  const key = method.publicKey ?? accountKey(method, signingInput, signature)
  return key !== undefined && verify('sha256', signingInput, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function scalar(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}
