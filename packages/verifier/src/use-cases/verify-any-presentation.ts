import { type ChallengePorts, DomainError } from '@consulate/core'
import { verifySecuredPresentation } from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'
import { checkDomain } from './check-domain.ts'
import { countVerification } from './count-verification.ts'
import { type Check, instanceOf } from './instance-of.ts'

interface Asked {
  challenge?: string | undefined
  domain?: string | undefined
  checks?: readonly Check[] | undefined
}

/** Decides about any presentation as an instance does, on behalf of a resource server; throws the reason for a refusal. */
export function verifyAnyPresentation(
  ctx: Pick<Context, 'instances' | 'secured' | 'challenges' | 'metrics'>,
  resourceServer: ResourceServer,
  name: string,
  presentation: unknown,
  { challenge, domain, checks: asked }: Asked,
): Promise<{ checks: Check[]; holder: string }> {
  const { instance, ports, checks } = instanceOf(ctx, name, asked)
  return countVerification(ctx, 'presentation', async () => {
    if (domain !== undefined) checkDomain(resourceServer, domain)
    if (challenge === undefined && instance.challenges !== 'optional')
      throw new DomainError('challenge_mismatch', `The instance ${name} wants the challenge; give options.challenge.`)
    const issued = instance.challenges === 'issued' ? ctx.challenges.portsFor(resourceServer.id) : undefined
    if (issued) checkIssued(issued, challenge!, domain)
    const { holder } = await verifySecuredPresentation(ports, presentation, {
      status: checks.includes('credentialStatus'),
      ...(challenge !== undefined && { challenge }),
      ...(domain !== undefined && { domain }),
    })
    await issued?.consumeChallenge(challenge!)
    return { checks, holder }
  })
}

function checkIssued(issued: ChallengePorts, challenge: string, domain: string | undefined): void {
  if (domain === undefined)
    throw new DomainError('domain_mismatch', 'A challenge of ours is for one domain; give it as options.domain.')
  issued.checkChallenge(challenge, domain)
}
