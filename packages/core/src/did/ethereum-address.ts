import { keccak_256 } from '@noble/hashes/sha3.js'

/** The lower-case address of an uncompressed secp256k1 point: the last 20 bytes of keccak-256 over x‖y (Yellow Paper, appendix F). */
export function ethereumAddress(point: Uint8Array): `0x${string}` {
  const hash = keccak_256(point.subarray(1))
  return `0x${Buffer.from(hash.subarray(12)).toString('hex')}`
}
