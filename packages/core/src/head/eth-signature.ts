import { secp256k1 } from '@noble/curves/secp256k1.js'
import { recover } from 'tiny-secp256k1'
import { ethereumAddress } from '../did/ethereum-address.ts'
import { DomainError } from '../errors.ts'
import type { Hex } from './typed-data.ts'

/**
 * The lower-case address whose key signed a 32-byte digest. The signature is 65 bytes `r‖s‖v` with v 27 or 28 and s in the
 * lower half of the order (EIP-2), so that it has no twin.
 *
 * @throws DomainError `signature_invalid`. Whether that address may sign is the caller's question.
 */
export function recoverSigner(digest: Hex, signature: Hex): Hex {
  if (!/^0x[0-9a-f]{128}(1b|1c)$/.test(signature)) {
    throw invalid('The signature must be 0x and 65 bytes r‖s‖v in lower-case hex, v being 1b or 1c.')
  }
  const [compact, v] = [Buffer.from(signature.slice(2, -2), 'hex'), Number.parseInt(signature.slice(-2), 16)]
  const point = recoverPoint(Buffer.from(digest.slice(2), 'hex'), compact, v === 28 ? 1 : 0)
  if (secp256k1.Signature.fromBytes(compact, 'compact').hasHighS())
    throw invalid('The signature has a high s; its low-s form (EIP-2) is required.')
  return ethereumAddress(point)
}

/** By libsecp256k1: a verifier does this for each head of each issuer, and in JavaScript it takes several times as long. */
function recoverPoint(digest: Uint8Array, compact: Uint8Array, parity: 0 | 1): Uint8Array {
  try {
    const point = recover(digest, compact, parity, false)
    if (point) return point
    throw new RangeError('the point is at infinity')
  } catch (cause) {
    throw invalid('No key can have made the signature.', cause)
  }
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError('signature_invalid', message, { cause })
}
