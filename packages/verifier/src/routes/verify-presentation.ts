import { challengeSchema, domainSchema, htmSchema, htuSchema, MAX_PRESENTATION_BYTES } from '@consulate/core'
import { z } from 'zod'
import { verifyFor } from '../use-cases/verify-presentation.ts'
import { route } from './route.ts'
import { verifiedAnswer } from './verified-answer.ts'

export const verifyPresentationRoute = route({
  summary: 'Decides whether a presentation proves the roles in it, here and now.',
  method: 'post',
  path: '/presentations/verify',
  access: 'resourceServer',
  refusals: 'verification',
  body: z.strictObject({
    verifiablePresentation: z.string().max(MAX_PRESENTATION_BYTES),
    options: z.strictObject({
      challenge: challengeSchema,
      domain: domainSchema,
      htm: htmSchema.optional(),
      htu: htuSchema.optional(),
    }),
  }),
  answers: { 200: verifiedAnswer.extend({ holder: z.string() }) },
  async handle(ctx, { body, principal }) {
    const { challenge, domain, htm, htu } = body.options
    const demand = { challenge, domain, ...(htm !== undefined && { htm }), ...(htu !== undefined && { htu }) }
    const verified = await verifyFor(ctx, principal, body.verifiablePresentation, demand)
    return { status: 200, body: { verified: true, ...verified } }
  },
})
