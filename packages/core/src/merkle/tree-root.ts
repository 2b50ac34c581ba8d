import { createHash } from 'node:crypto'

const LEAF = Uint8Array.of(0x00)
const NODE = Uint8Array.of(0x01)

/** The Merkle Tree Hash of a list of entries (RFC 6962 §2.1) with SHA-256, 32 bytes. `leaves` are the entries, not yet hashed. */
export function merkleTreeHash(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256()
  return subtreeHash(leaves, 0, leaves.length)
}

function subtreeHash(leaves: readonly Uint8Array[], start: number, end: number): Buffer {
  if (end - start === 1) return sha256(LEAF, leaves[start]!)
  const split = start + largestPowerOfTwoBelow(end - start)
  return sha256(NODE, subtreeHash(leaves, start, split), subtreeHash(leaves, split, end))
}

function largestPowerOfTwoBelow(n: number): number {
  return 2 ** (31 - Math.clz32(n - 1))
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
