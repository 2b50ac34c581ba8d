import { secp256k1 } from '@noble/curves/secp256k1.js'
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
  const bytes = Buffer.from(signature.slice(2), 'hex')
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact')
    if (parsed.hasHighS()) throw invalid('The signature has a high s; its low-s form (EIP-2) is required.')
    return ethereumAddress(parsed.addRecoveryBit(bytes[64]! - 27).recoverPublicKey(Buffer.from(digest.slice(2), 'hex')))
  } catch (cause) {
    if (cause instanceof DomainError) throw cause
    throw invalid('No key can have made the signature.', cause)
  }
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError('signature_invalid', message, { cause })
}
