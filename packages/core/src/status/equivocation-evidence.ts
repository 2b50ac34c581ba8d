import { z } from 'zod'
import { parseEthrDid } from '../did/ethr-did.ts'
import { DomainError } from '../errors.ts'
import { recoverSigner } from '../head/eth-signature.ts'
import { excludeEachOther } from '../head/exclude-each-other.ts'
import { headDigest, type RegistryDomain } from '../head/head.ts'
import { signedHeadSchema } from './published-head.ts'

/** As many epochs of one issuer as one document tells of. */
export const MAX_EQUIVOCATIONS = 100

const signedSchema = z.strictObject(signedHeadSchema.shape)

/** Proof that an issuer contradicted itself: complete in itself, for whoever trusts neither the issuer nor who found it. */
export const equivocationEvidenceSchema = z.strictObject({
  /** The issuer's DID, a did:ethr. */
  issuer: z.string().max(512),
  /** Where its heads count. */
  chain: z.strictObject({ chainId: z.int().min(1), statusRegistry: signedHeadSchema.shape.head.shape.issuer }),
  /** Two heads of an epoch that exclude each other, the newest epoch first; `foundAt` in seconds since 1970. */
  equivocations: z
    .array(
      z.strictObject({
        epoch: signedHeadSchema.shape.head.shape.epoch,
        heads: z.tuple([signedSchema, signedSchema]),
        foundAt: z.int().min(0),
      }),
    )
    .max(MAX_EQUIVOCATIONS),
})
export type EquivocationEvidence = z.infer<typeof equivocationEvidenceSchema>

/**
 * Checks all that needs no chain: that each head is the issuer's, of that epoch, signed by whom it names, and that the two
 * exclude each other. Whether the signers were ever `statusAnchor` delegates of the issuer, only its chain knows.
 *
 * @throws DomainError `did_malformed`, `head_malformed`, `head_signer_not_authorized`, `signature_invalid`
 */
export function verifyEvidence({ issuer, chain, equivocations }: EquivocationEvidence): void {
  const { chainId, address } = parseEthrDid(issuer)
  if (chainId !== chain.chainId)
    throw new DomainError(
      'head_malformed',
      `${issuer} is no issuer of chain ${chain.chainId}, which the evidence names.`,
    )
  const domain = { chainId, verifyingContract: chain.statusRegistry }
  for (const { epoch, heads } of equivocations) {
    for (const signed of heads) assertSigned(signed, { address, epoch, domain })
    if (!excludeEachOther(heads[0].head, heads[1].head))
      throw new DomainError('head_malformed', `The two heads of epoch ${epoch} do not exclude each other.`)
  }
}

function assertSigned(
  { head, signer, signature }: z.infer<typeof signedSchema>,
  { address, epoch, domain }: { address: string; epoch: number; domain: RegistryDomain },
): void {
  if (head.issuer !== address || head.epoch !== epoch)
    throw new DomainError(
      'head_malformed',
      `The head is of ${head.issuer} and epoch ${head.epoch}; expected one of ${address} and epoch ${epoch}.`,
    )
  if (recoverSigner(headDigest(head, domain), signature) !== signer)
    throw new DomainError(
      'head_signer_not_authorized',
      `Head ${head.version} of epoch ${epoch} was not signed by ${signer}, whom it names.`,
    )
}
