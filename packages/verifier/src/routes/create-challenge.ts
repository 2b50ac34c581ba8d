import { domainSchema } from '@consulate/core'
import { z } from 'zod'
import { createChallenge } from '../use-cases/create-challenge.ts'
import { route } from './route.ts'

export const createChallengeRoute = route({
  summary: 'A challenge that an agent answers once, for this domain.',
  method: 'post',
  path: '/challenges',
  access: 'resourceServer',
  body: z.strictObject({ domain: domainSchema }),
  answers: { 200: z.strictObject({ challenge: z.string(), expiresAt: z.string() }) },
  handle: (ctx, { body, principal }) => ({ status: 200, body: createChallenge(ctx, principal, body.domain) }),
})
