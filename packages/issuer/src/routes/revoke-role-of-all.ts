import { z } from 'zod'
import { revokeRoleOfAll } from '../use-cases/revoke-role-of-all.ts'
import { headAnswer } from './answers.ts'
import { route } from './route.ts'
import { reasonQuery, roleParams } from './schemas.ts'

export const revokeRoleOfAllRoute = route({
  summary: 'Takes a role from every agent, for good: all credentials of it, in one commit and under one head.',
  method: 'delete',
  path: '/roles/:role/credentials',
  access: 'admin',
  scope: 'revoke',
  params: roleParams,
  query: reasonQuery,
  answers: {
    200: z.strictObject({
      role: z.string(),
      revokedCount: z.int().meta({ description: 'credentials that this call revoked' }),
      head: headAnswer,
    }),
  },
  async handle(ctx, { params: { role }, query: { reason }, principal }) {
    return { status: 200, body: await revokeRoleOfAll(ctx, { role, reason, by: principal.actor }) }
  },
})
