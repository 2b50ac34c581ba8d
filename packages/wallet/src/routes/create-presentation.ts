import { challengeSchema, domainSchema } from '@consulate/core'
import { cryptosuiteSchema } from '@consulate/core/data-integrity'
import { z } from 'zod'
import { createPresentation } from '../use-cases/create-presentation.ts'
import { route } from './route.ts'

export const createPresentationRoute = route({
  summary: 'Secures any VCDM 2.0 presentation of the agent, for one domain and one challenge; one with an id is kept.',
  method: 'post',
  path: '/presentations',
  access: 'agent',
  body: z.strictObject({
    presentation: z.record(z.string(), z.json()),
    options: z.strictObject({
      challenge: challengeSchema,
      domain: domainSchema,
      cryptosuite: cryptosuiteSchema.optional().meta({ description: 'vp+jwt without it' }),
    }),
  }),
  answers: { 201: z.strictObject({ verifiablePresentation: z.record(z.string(), z.json()) }) },
  async handle(ctx, { body: { presentation, options }, principal }) {
    const verifiablePresentation = await createPresentation(ctx, { agent: principal.did, presentation, ...options })
    return { status: 201, body: { verifiablePresentation } }
  },
})
