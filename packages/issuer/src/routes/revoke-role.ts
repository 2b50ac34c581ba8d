import { z } from 'zod'
import { revokeRole } from '../use-cases/revoke-role.ts'
import { route } from './route.ts'
import { agentRoleParams } from './schemas.ts'

export const revokeRoleRoute = route({
  method: 'delete',
  path: '/agents/:did/roles/:role',
  access: 'admin',
  scope: 'revoke',
  params: agentRoleParams,
  query: z.strictObject({ reason: z.string().max(256).optional() }),
  async handle(ctx, { params: { did: agent, role }, query: { reason }, principal }) {
    const revoked = await revokeRole(ctx, { agent, role, reason, by: principal.actor })
    return { status: 200, body: revoked }
  },
})
