import { z } from 'zod'
import { recover } from '../use-cases/recover.ts'
import { headAnswer } from './answers.ts'
import { route } from './route.ts'

const lastHead = z.strictObject({
  epoch: z.int(),
  version: z.int(),
  issuedAt: z.int().meta({ description: 'seconds since 1970' }),
})

export const recoverRoute = route({
  summary: 'Begins a new epoch: after a restored backup, a stolen key, or two heads that exclude each other.',
  method: 'post',
  path: '/status/recover',
  access: 'admin',
  scope: 'administrators',
  body: z.strictObject({}),
  answers: {
    200: z.strictObject({
      epoch: z.int(),
      head: headAnswer,
      last: lastHead
        .nullable()
        .meta({ description: 'the last head in the database; what came after it is to be done anew' }),
    }),
  },
  handle: async (ctx, { principal }) => ({ status: 200, body: await recover(ctx, principal.actor) }),
})
