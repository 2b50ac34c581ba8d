import { challengeSchema, domainSchema, htmSchema, htuSchema } from '@consulate/core'
import { z } from 'zod'
import { present } from '../use-cases/present.ts'
import { route } from './route.ts'
import { agentParams, own, rolesSchema } from './schemas.ts'

export const presentRoute = route({
  summary: 'Signs a presentation of roles for one domain and one challenge.',
  method: 'post',
  path: '/agents/:did/presentations',
  access: 'agent',
  params: agentParams,
  body: z.strictObject({
    domain: domainSchema,
    challenge: challengeSchema,
    roles: rolesSchema.optional(),
    htm: htmSchema.optional(),
    htu: htuSchema.optional(),
  }),
  answers: { 201: z.strictObject({ verifiablePresentation: z.string() }) },
  async handle(ctx, { params, body, principal }) {
    const verifiablePresentation = await present(ctx, { agent: own(principal, params.did), ...body })
    return { status: 201, body: { verifiablePresentation } }
  },
})
