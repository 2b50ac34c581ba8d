import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { checkSuccessor } from '../head/check-successor.ts'
import { recoverSigner } from '../head/eth-signature.ts'
import { type Head, type Hex, hashHead, headDigest, headSchema, type RegistryDomain } from '../head/head.ts'
import { headRoot, type StatusEntry, statusEntrySchema } from '../head/head-root.ts'

const hexSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]+$/)])

/** A signed head with what it says of each list, as an issuer publishes it. Unknown members are ignored; how many lists are too many, the caller knows. */
export const publishedHeadSchema = z.object({
  head: headSchema,
  signature: hexSchema,
  signer: hexSchema,
  entries: z
    .array(z.object({ ...statusEntrySchema.omit({ digest: true }).shape, sha256: statusEntrySchema.shape.digest }))
    .transform((entries) => entries.map(({ sha256, ...entry }): StatusEntry => ({ ...entry, digest: sha256 }))),
})

export type PublishedHead = z.infer<typeof publishedHeadSchema>

/** What the chain says of an issuer; an RPC's word, so it can only make a verifier refuse. */
export interface AnchoredHead {
  epoch: number
  version: number
  headHash: Hex
}

/**
 * Decides whether a published head may become the newest that is known of an issuer: signed by whom it says, over these
 * entries, a successor of the one known, not expired, and not behind the chain. Whether `signer` is a `statusAnchor`
 * delegate is the caller's question. `now` in seconds. Throws `head_malformed`, `head_signer_not_authorized`,
 * `head_expired`, `status_rollback`, `issuer_equivocated` or `signature_invalid`.
 */
export function acceptHead(
  published: PublishedHead,
  expected: {
    issuer: Hex
    domain: RegistryDomain
    known: Head | undefined
    anchored: AnchoredHead | undefined
    now: number
  },
): void {
  const { head, signature, signer, entries } = published
  if (head.issuer !== expected.issuer)
    throw new DomainError('head_malformed', `The head is of ${head.issuer}; expected one of ${expected.issuer}.`)
  if (recoverSigner(headDigest(head, expected.domain), signature) !== signer)
    throw new DomainError('head_signer_not_authorized', `The head was not signed by ${signer}, whom it names.`)
  if (headRoot(entries) !== head.root)
    throw new DomainError('head_malformed', "The head's entries are not the ones that its root was made of.")
  if (expected.known) checkSuccessor(expected.known, head)
  if (expected.anchored) checkAgainstChain(head, expected.anchored)
  if (head.validUntil <= expected.now)
    throw new DomainError('head_expired', `The head expired at ${head.validUntil}; the issuer must publish a new one.`)
}

function checkAgainstChain(head: Head, anchored: AnchoredHead): void {
  const behind = head.epoch < anchored.epoch || (head.epoch === anchored.epoch && head.version < anchored.version)
  if (behind)
    throw new DomainError(
      'status_rollback',
      `The chain has head ${anchored.version} of epoch ${anchored.epoch}; the issuer shows ${head.version} of ${head.epoch}.`,
    )
  const same = head.epoch === anchored.epoch && head.version === anchored.version
  if (same && hashHead(head) !== anchored.headHash)
    throw new DomainError('issuer_equivocated', `The chain has another head ${head.version} of epoch ${head.epoch}.`)
}
