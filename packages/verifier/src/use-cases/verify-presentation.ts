import { type PresentationDemand, type VerifiedPresentation, verifyPresentation } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'
import { checkDomain } from './check-domain.ts'

/** Decides about a presentation on behalf of a resource server; throws the reason for a refusal. */
export async function verifyFor(
  { evidence, challenges }: Pick<Context, 'evidence' | 'challenges'>,
  resourceServer: ResourceServer,
  token: string,
  demand: PresentationDemand,
): Promise<VerifiedPresentation> {
  checkDomain(resourceServer, demand.domain)
  return verifyPresentation({ ...evidence, ...challenges.portsFor(resourceServer.id) }, token, demand)
}
