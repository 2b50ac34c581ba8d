import { DomainError, type Envelope, envelope, MAX_PRESENTATION_LIFETIME } from '@consulate/core'
import {
  type AnyPresentation,
  type CryptosuiteName,
  checkTerms,
  readPresentationShape,
} from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'
import type { StoredPresentation } from '../records.ts'
import { readPresentation } from './read-presentation.ts'

/** Of one agent. */
const MOST_KEPT = 100

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
 * EnvelopedVerifiablePresentation that lives for two minutes. One with an id is kept under it. What it carries is the agent's
 * to know. Throws `presentation_malformed`, `holder_mismatch`, `context_unknown`, `terms_undefined`, `algorithm_not_allowed`,
 * `invalid_request` when there are too many.
 */
export async function createPresentation(
  ctx: Pick<Context, 'keys' | 'clock' | 'store'>,
  order: PresentationOrder,
): Promise<Record<string, unknown>> {
  const { agent, presentation } = order
  const { id, ...shape } = readPresentationShape(presentation)
  checkHolder(shape, agent)
  checkUnsecured(presentation)
  await checkTerms(presentation)
  if (id === undefined) return { ...(await secure(ctx, order)) }
  await ctx.store.once(
    (secured) => keep(ctx, { agent, id, secured, createdAt: ctx.clock.now() }),
    async () => JSON.stringify(await secure(ctx, order)),
  )
  return readPresentation(ctx, agent, id)
}

async function keep({ store }: Pick<Context, 'store'>, presentation: StoredPresentation): Promise<void> {
  if (await store.addPresentation(presentation, MOST_KEPT)) return
  throw new DomainError(
    'invalid_request',
    `The wallet keeps at most ${MOST_KEPT} presentations of an agent; delete one, or leave the id out.`,
  )
}

async function secure(
  { keys, clock }: Pick<Context, 'keys' | 'clock'>,
  { agent, presentation, challenge, domain, cryptosuite }: PresentationOrder,
): Promise<Record<string, unknown> | Envelope<'vp+jwt'>> {
  const held = { ...presentation, holder: agent }
  const now = clock.now()
  if (cryptosuite) return keys.provePresentation(held, { cryptosuite, challenge, domain, now })
  const claims = { aud: domain, nonce: challenge, iat: now, exp: now + MAX_PRESENTATION_LIFETIME }
  return envelope('vp+jwt', await keys.signPresentation({ ...held, ...claims }))
}

function checkHolder({ holder = '' }: Pick<AnyPresentation, 'holder'>, agent: string): void {
  const named = typeof holder === 'string' ? holder : holder.id
  if (named !== '' && named !== agent)
    throw new DomainError('holder_mismatch', `The presentation is to be that of ${agent}; leave its holder out.`)
}

function checkUnsecured(presentation: object): void {
  if (Object.hasOwn(presentation, 'proof'))
    throw new DomainError('presentation_malformed', 'The presentation has a proof already; leave it out.')
}
