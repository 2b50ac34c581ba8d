import { type PresentationDemand, type VerifiedPresentation, verifyPresentation } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'
import { checkDomain } from './check-domain.ts'
import { countVerification } from './count-verification.ts'

/** Decides about a presentation on behalf of a resource server; throws the reason for a refusal. */
export async function verifyFor(
  ctx: Pick<Context, 'evidence' | 'challenges' | 'metrics'>,
  resourceServer: ResourceServer,
  token: string,
  demand: PresentationDemand,
): Promise<VerifiedPresentation> {
  return countVerification(ctx, 'presentation', () => {
    checkDomain(resourceServer, demand.domain)
    return verifyPresentation({ ...ctx.evidence, ...ctx.challenges.portsFor(resourceServer.id) }, token, demand)
  })
}
