import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { merkleTreeHash } from '../merkle/tree-root.ts'
import type { Hex } from './typed-data.ts'

/** One list, or the audit checkpoint, as a head vouches for it. */
export const statusEntrySchema = z.strictObject({
  /** The list's URL. */
  name: z.string().min(1).max(2048),
  purpose: z.string().min(1).max(64),
  version: z.int().min(0),
  /** SHA-256 of the raw bitstring in lower-case hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})
export type StatusEntry = z.infer<typeof statusEntrySchema>

/**
 * The `root` of a head: the RFC 6962 tree hash over its entries, each the JCS (RFC 8785) of
 * `{"digest", "name", "purpose", "version"}`, in the byte order of their names in UTF-8.
 *
 * @throws DomainError `head_malformed` when two entries have one name
 */
export function headRoot(entries: readonly StatusEntry[]): Hex {
  const sorted = entries.map((entry) => ({ entry, key: Buffer.from(entry.name) }))
  sorted.sort((a, b) => a.key.compare(b.key))
  const duplicate = sorted.find(({ key }, i) => sorted[i - 1]?.key.equals(key))
  if (duplicate) {
    throw new DomainError(
      'head_malformed',
      `The head has two entries named ${quote(duplicate.entry.name)}; each name once.`,
    )
  }
  return `0x${merkleTreeHash(sorted.map(({ entry }) => entryBytes(entry))).toString('hex')}`
}

/** A list's `digest`: SHA-256 of its raw bits in lower-case hex. */
export function bitstringDigest(bits: Uint8Array): string {
  return createHash('sha256').update(bits).digest('hex')
}

function entryBytes({ digest, name, purpose, version }: StatusEntry): Buffer {
  return Buffer.from(canonicalize({ digest, name, purpose, version })!)
}
