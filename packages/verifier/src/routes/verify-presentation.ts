import { challengeSchema, domainSchema, htmSchema, htuSchema, MAX_PRESENTATION_BYTES } from '@consulate/core'
import { z } from 'zod'
import { verifyFor } from '../use-cases/verify-presentation.ts'
import { route } from './route.ts'

export const verifyPresentationRoute = route({
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
  async handle(ctx, { body, principal }) {
    const { challenge, domain, htm, htu } = body.options
    const demand = { challenge, domain, ...(htm !== undefined && { htm }), ...(htu !== undefined && { htu }) }
    const verified = await verifyFor(ctx, principal, body.verifiablePresentation, demand)
    return { status: 200, body: { verified: true, ...verified } }
  },
})
