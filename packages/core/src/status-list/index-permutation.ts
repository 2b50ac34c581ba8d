import { FF1 } from '@noble/ciphers/ff1.js'
import { LIST_BITS } from './bitstring.ts'

const INDEX_BITS = 17 // 2^17 = LIST_BITS
const SECRET_BYTES = 32

/**
 * The index that the `counter`-th credential of a list gets: a bijection on 0…131071, unpredictable without the secret. It is
 * FF1 (NIST SP 800-38G §5.1) with AES-256, radix 2, 17 digits (most significant first), the tweak being the list's id in UTF-8.
 *
 * The domain lies below the million that SP 800-38G Rev. 1 recommends, because known attacks on small domains recover
 * plaintexts from plaintext–ciphertext pairs. Here counters are never shown and need no secrecy: who holds one index must
 * only be unable to tell its neighbours, and the indices themselves are public.
 *
 * @param secret 32 bytes, fixed for the life of the list
 * @param counter 0…131071; anything else, as a secret of another length, is a RangeError
 */
export function permuteIndex(secret: Uint8Array, listId: string, counter: number): number {
  if (secret.length !== SECRET_BYTES)
    throw new RangeError(`the index secret has ${SECRET_BYTES} bytes, not ${secret.length}`)
  if (!Number.isInteger(counter) || counter < 0 || counter >= LIST_BITS) {
    throw new RangeError(`the counter ${counter} is not within 0…${LIST_BITS - 1}`)
  }
  const tweak = new TextEncoder().encode(listId)
  return fromDigits(FF1(2, secret, tweak).encrypt(toDigits(counter)))
}

function toDigits(value: number): number[] {
  return Array.from({ length: INDEX_BITS }, (_, i) => (value >> (INDEX_BITS - 1 - i)) & 1)
}

function fromDigits(digits: number[]): number {
  return digits.reduce((value, digit) => value * 2 + digit, 0)
}
