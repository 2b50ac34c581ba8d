import { DomainError, type Envelope, envelope, MAX_PRESENTATION_LIFETIME } from '@consulate/core'
import {
  type AnyPresentation,
  type CryptosuiteName,
  checkTerms,
  readPresentationShape,
} from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'

export interface PresentationOrder {
  agent: string
  presentation: object
  challenge: string
  domain: string
  /** JOSE when undefined. */
  cryptosuite?: CryptosuiteName | undefined
}

/**
 * Secures any presentation of an agent for one domain and one challenge (VCALM §3.5): with a Data Integrity proof, or as an
 * EnvelopedVerifiablePresentation that lives for two minutes. What it carries is the agent's to know. Throws
 * `presentation_malformed`, `holder_mismatch`, `context_unknown`, `terms_undefined`, `algorithm_not_allowed`.
 */
export async function createPresentation(
  { keys, clock }: Pick<Context, 'keys' | 'clock'>,
  { agent, presentation, challenge, domain, cryptosuite }: PresentationOrder,
): Promise<Record<string, unknown> | Envelope<'vp+jwt'>> {
  checkHolder(readPresentationShape(presentation), agent)
  checkUnsecured(presentation)
  await checkTerms(presentation)
  const held = { ...presentation, holder: agent }
  const now = clock.now()
  if (cryptosuite) return keys.provePresentation(held, { cryptosuite, challenge, domain, now })
  const claims = { aud: domain, nonce: challenge, iat: now, exp: now + MAX_PRESENTATION_LIFETIME }
  return envelope('vp+jwt', await keys.signPresentation({ ...held, ...claims }))
}

function checkHolder({ holder = '' }: AnyPresentation, agent: string): void {
  const named = typeof holder === 'string' ? holder : holder.id
  if (named !== '' && named !== agent)
    throw new DomainError('holder_mismatch', `The presentation is to be that of ${agent}; leave its holder out.`)
}

function checkUnsecured(presentation: object): void {
  if (Object.hasOwn(presentation, 'proof'))
    throw new DomainError('presentation_malformed', 'The presentation has a proof already; leave it out.')
}
