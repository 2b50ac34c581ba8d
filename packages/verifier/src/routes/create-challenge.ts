import { domainSchema } from '@consulate/core'
import { z } from 'zod'
import { createChallenge } from '../use-cases/create-challenge.ts'
import { route } from './route.ts'

export const createChallengeRoute = route({
  method: 'post',
  path: '/challenges',
  access: 'resourceServer',
  body: z.strictObject({ domain: domainSchema }),
  handle: (ctx, { body, principal }) => ({ status: 200, body: createChallenge(ctx, principal, body.domain) }),
})
