import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { recoverSigner } from '../head/eth-signature.ts'
import { type Hex, headDigest, headSchema, type RegistryDomain } from '../head/head.ts'
import { headRoot, type StatusEntry, statusEntrySchema } from '../head/head-root.ts'

/** More than any verifier follows. */
const MAX_ENTRIES = 4_096

const hexSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]+$/)])

/** A signed head with what it says of each list, as an issuer publishes it. Unknown members are ignored; how many lists are too many, the caller knows. */
export const publishedHeadSchema = z.object({
  head: headSchema,
  signature: hexSchema,
  signer: hexSchema,
  entries: z
    .array(z.unknown())
    .max(MAX_ENTRIES) // before each is looked at: what is wrong with a hundred thousand takes long to say
    .pipe(
      z.array(z.object({ ...statusEntrySchema.omit({ digest: true }).shape, sha256: statusEntrySchema.shape.digest })),
    )
    .transform((entries) => entries.map(({ sha256, ...entry }): StatusEntry => ({ ...entry, digest: sha256 }))),
  /** A compact JWS. */
  heartbeat: z.string().optional(),
})

/** Entries as they are published. */
export function showEntries(entries: readonly StatusEntry[]): (Omit<StatusEntry, 'digest'> & { sha256: string })[] {
  return entries.map(({ digest: sha256, ...entry }) => ({ ...entry, sha256 }))
}

/** A head and who signed it, without what it says of each list. */
export const signedHeadSchema = z.object({ head: headSchema, signature: hexSchema, signer: hexSchema })

export type PublishedHead = z.infer<typeof publishedHeadSchema>

/** A head as those are told of it who know the one before: `entries` are the lists that it changed. */
export const pushedHeadSchema = z.object({
  ...publishedHeadSchema.omit({ heartbeat: true }).shape,
  deltas: z.array(z.string()).max(MAX_ENTRIES),
})

export type PushedHead = z.infer<typeof pushedHeadSchema>

/**
 * Checks that a published head was signed by whom it says, over these entries. Whether `signer` is a `statusAnchor` delegate
 * is the caller's question. Throws `head_malformed`, `head_signer_not_authorized` or `signature_invalid`.
 */
export function verifyHead(published: PublishedHead, expected: { issuer: Hex; domain: RegistryDomain }): void {
  const { head, signature, signer, entries } = published
  if (head.issuer !== expected.issuer)
    throw new DomainError('head_malformed', `The head is of ${head.issuer}; expected one of ${expected.issuer}.`)
  if (recoverSigner(headDigest(head, expected.domain), signature) !== signer)
    throw new DomainError('head_signer_not_authorized', `The head was not signed by ${signer}, whom it names.`)
  if (headRoot(entries) !== head.root)
    throw new DomainError('head_malformed', "The head's entries are not the ones that its root was made of.")
}
