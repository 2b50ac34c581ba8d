import { createCipheriv } from 'node:crypto'
import { LIST_BITS } from './bitstring.ts'

const SECRET_BYTES = 32
const BLOCK = 16
const ROUNDS = 10
/** Digits of a counter, and of its left and right half. */
const [N, U, V] = [17, 8, 9] // 2^17 = LIST_BITS
/** Bytes of a half written as a number: `b` in §5.1. */
const HALF_BYTES = 2

/**
 * The indices that a list's credentials from number `first` on get: a bijection on 0…131071, unpredictable without the secret.
 * It is FF1 (NIST SP 800-38G §5.1) with AES-256, radix 2, 17 digits (most significant first), the tweak being the list's id in
 * UTF-8. Written out for these parameters and for many counters at once, because one by one a general FF1 costs as much as
 * all else of issuing a credential.
 *
 * The domain lies below the million that SP 800-38G Rev. 1 recommends, because known attacks on small domains recover
 * plaintexts from plaintext–ciphertext pairs. Here counters are never shown and need no secrecy: who holds one index must
 * only be unable to tell its neighbours, and the indices themselves are public.
 *
 * @param secret 32 bytes, fixed for the life of the list
 * @param first 0…131071, and so is the last; anything else, as a secret of another length, is a RangeError
 */
export function permuteIndices(secret: Uint8Array, listId: string, first: number, count: number): number[] {
  if (secret.length !== SECRET_BYTES)
    throw new RangeError(`the index secret has ${SECRET_BYTES} bytes, not ${secret.length}`)
  const counters = Array.from({ length: count }, (_, k) => first + k)
  for (const counter of counters) checkCounter(counter)
  const round = roundFunction(secret, Buffer.from(listId))
  let a = counters.map((counter) => counter >> V)
  let b = counters.map((counter) => counter & ((1 << V) - 1))
  for (let i = 0; i < ROUNDS; i++) {
    const digits = i % 2 === 0 ? U : V
    const y = round(i, b)
    const c = a.map((half, k) => (half + y[k]!) & ((1 << digits) - 1))
    a = b
    b = c
  }
  return a.map((half, k) => (half << V) | b[k]!)
}

function checkCounter(counter: number): void {
  if (!Number.isInteger(counter) || counter < 0 || counter >= LIST_BITS)
    throw new RangeError(`the counter ${counter} is not within 0…${LIST_BITS - 1}`)
}

/**
 * Step 6 of FF1 for each of the halves: the low bits of y. PRF is the CBC-MAC of P ‖ Q, of which only the last block, with the
 * round and the half in it, is not always the same.
 */
function roundFunction(secret: Uint8Array, tweak: Buffer): (i: number, halves: number[]) => number[] {
  const aes = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false)
  const text = inputOfPrf(tweak)
  let mac: Buffer = Buffer.alloc(BLOCK)
  for (let at = 0; at < text.length - BLOCK; at += BLOCK) mac = aes.update(xor(mac, text.subarray(at, at + BLOCK)))
  const last = xor(mac, text.subarray(-BLOCK))
  return (i, halves) => {
    const blocks = Buffer.alloc(BLOCK * halves.length, last)
    halves.forEach((half, k) => {
      const end = BLOCK * (k + 1)
      blocks[end - HALF_BYTES - 1]! ^= i
      blocks.writeUInt16BE(blocks.readUInt16BE(end - HALF_BYTES) ^ half, end - HALF_BYTES)
    })
    const macs = aes.update(blocks)
    // y is the first eight bytes as a number; of its bits a half has nine at the most.
    return halves.map((_, k) => macs.readUInt16BE(BLOCK * k + 6))
  }
}

/** P ‖ Q, with round and half still zero. */
function inputOfPrf(tweak: Buffer): Buffer {
  const length = BLOCK * Math.ceil((tweak.length + 1 + HALF_BYTES) / BLOCK)
  const text = Buffer.alloc(BLOCK + length)
  text.set([1, 2, 1, 0, 0, 2, ROUNDS, U])
  text.writeUInt32BE(N, 8)
  text.writeUInt32BE(tweak.length, 12)
  text.set(tweak, BLOCK)
  return text
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, i) => byte ^ other[i]!))
}
