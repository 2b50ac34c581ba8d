import { gunzipSync, gzipSync } from 'node:zlib'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'

/** Entries of one of our lists: the least that Bitstring Status List 1.0 allows. */
export const LIST_BITS = 131_072

const MIN_BYTES = LIST_BITS / 8
const MAX_BYTES = 1_048_576
const MAX_ENCODED_LENGTH = 2 * MAX_BYTES

/** A list of 131,072 cleared bits. */
export function emptyBitstring(): Uint8Array {
  return new Uint8Array(MIN_BYTES)
}

/**
 * The bit at `index`, where index 0 is the left-most: the highest bit of the first byte (Bitstring Status List §4.2).
 *
 * @throws DomainError `status_index_out_of_range`
 */
export function getBit(bits: Uint8Array, index: number): boolean {
  checkIndex(bits, index)
  return (bits[index >> 3]! & maskOf(index)) !== 0
}

/**
 * A copy in which the bit at `index` has `value`.
 *
 * @throws DomainError `status_index_out_of_range`
 */
export function withBit(bits: Uint8Array, index: number, value: boolean): Uint8Array {
  return withBits(bits, [index], value)
}

/** The same for the bits at all of these indices. */
export function withBits(bits: Uint8Array, indices: readonly number[], value: boolean): Uint8Array {
  const copy = Uint8Array.from(bits)
  for (const index of indices) {
    checkIndex(bits, index)
    if (value) copy[index >> 3]! |= maskOf(index)
    else copy[index >> 3]! &= ~maskOf(index)
  }
  return copy
}

/** The indices that are set in `bits` and are not in `before`, ascending. */
export function indicesSet(before: Uint8Array, bits: Uint8Array): number[] {
  const indices: number[] = []
  for (const [position, byte] of bits.entries()) {
    const added = byte & ~(before[position] ?? 0)
    if (added === 0) continue
    for (let bit = 0; bit < 8; bit++) if (added & (0x80 >> bit)) indices.push(position * 8 + bit)
  }
  return indices
}

/** `encodedList` (Bitstring Status List §4.2.1): multibase `u`, base64url without padding, of the gzipped bits. */
export function encodeBitstring(bits: Uint8Array): string {
  return `u${gzipSync(bits).toString('base64url')}`
}

/**
 * Reads an `encodedList` of 16 KiB to 1 MiB unpacked; never unpacks more than that.
 *
 * @throws DomainError `status_list_malformed`, `status_list_length` (fewer than 131,072 bits)
 */
export function decodeBitstring(encoded: string): Uint8Array {
  const bits = gunzip(decodeMultibase(encoded))
  if (bits.length < MIN_BYTES) {
    throw new DomainError(
      'status_list_length',
      `The list has ${bits.length * 8} bits; at least ${LIST_BITS} are required.`,
    )
  }
  return bits
}

/**
 * Reads a `statusListIndex`: a base-10 string without sign or leading zeros (Bitstring Status List §3.1).
 *
 * @throws DomainError `status_malformed`, `status_index_out_of_range` when no list that we read is so long
 */
export function parseStatusListIndex(value: unknown): number {
  if (typeof value !== 'string' || !/^(0|-?[1-9]\d*)$/.test(value)) {
    throw new DomainError(
      'status_malformed',
      `statusListIndex is ${quote(value)}; expected a base-10 string such as "42".`,
    )
  }
  const index = Number(value)
  if (index < 0 || index >= MAX_BYTES * 8) {
    throw new DomainError(
      'status_index_out_of_range',
      `statusListIndex ${quote(value)} is in no list; it is 0 to ${MAX_BYTES * 8 - 1}.`,
    )
  }
  return index
}

function checkIndex(bits: Uint8Array, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= bits.length * 8) {
    throw new DomainError(
      'status_index_out_of_range',
      `The index ${index} is not in the list; it is 0 to ${bits.length * 8 - 1}.`,
    )
  }
}

function maskOf(index: number): number {
  return 0x80 >> (index & 7)
}

function decodeMultibase(encoded: string): Buffer {
  if (encoded.length > MAX_ENCODED_LENGTH)
    throw malformed(`has ${encoded.length} characters; at most ${MAX_ENCODED_LENGTH} are read`)
  const bytes = Buffer.from(encoded.slice(1), 'base64url')
  if (encoded !== `u${bytes.toString('base64url')}`) {
    throw malformed('must be "u" and base64url without padding')
  }
  return bytes
}

function gunzip(bytes: Buffer): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES })
  } catch (cause) {
    throw malformed(`must be the gzip of at most ${MAX_BYTES} bytes`, cause)
  }
}

function malformed(message: string, cause?: unknown): DomainError {
  return new DomainError('status_list_malformed', `encodedList ${message}.`, { cause })
}
