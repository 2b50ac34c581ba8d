import { type EquivocationEvidence, MAX_EQUIVOCATIONS } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Conviction } from '../records.ts'
import { unknownIssuer } from './trust-issuer.ts'

type Equivocation = EquivocationEvidence['equivocations'][number]

/**
 * What an issuer was ever convicted of, cleared or not, for others to check: of each epoch two heads with their signatures.
 * Throws `trust_unknown` for an issuer that is neither trusted nor convicted.
 */
export async function readEvidence(
  { store, trust, registry }: Pick<Context, 'store' | 'trust' | 'registry'>,
  issuer: string,
): Promise<EquivocationEvidence> {
  const convictions = await store.listEvidence(issuer, MAX_EQUIVOCATIONS)
  if (convictions.length === 0 && !trust.find(issuer)) throw unknownIssuer(issuer)
  const { chainId, verifyingContract: statusRegistry } = registry
  return { issuer, chain: { chainId, statusRegistry }, equivocations: convictions.filter(isProof) }
}

/** A head that was kept before signatures were is proof to nobody else. */
function isProof(conviction: Conviction): conviction is Equivocation {
  return conviction.heads.length === 2 && conviction.heads.every(({ signer, signature }) => signer && signature)
}
