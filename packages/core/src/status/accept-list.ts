import { DomainError } from '../errors.ts'
import { bitstringDigest, type StatusEntry } from '../head/head-root.ts'

/**
 * Decides whether these bits are what a head says of a list, and take back no revocation that was known of it.
 * Throws `status_list_mismatch` or `status_rollback`.
 */
export function acceptList(entry: StatusEntry, bits: Uint8Array, known: Uint8Array | undefined): void {
  if (bitstringDigest(bits) !== entry.digest)
    throw new DomainError('status_list_mismatch', `${entry.name} is not the list that the head speaks of.`)
  if (entry.purpose === 'revocation' && known && !contains(bits, known))
    throw new DomainError('status_rollback', `${entry.name} takes a revocation back, which nobody may.`)
}

function contains(bits: Uint8Array, known: Uint8Array): boolean {
  return bits.length >= known.length && known.every((byte, position) => (byte & ~bits[position]!) === 0)
}
