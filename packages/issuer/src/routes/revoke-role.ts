import { z } from 'zod'
import { revokeRole } from '../use-cases/revoke-role.ts'
import { route } from './route.ts'
import { agentRoleParams } from './schemas.ts'

export const revokeRoleRoute = route({
  method: 'delete',
  path: '/agents/:did/roles/:role',
  access: 'admin',
  params: agentRoleParams,
  query: z.strictObject({ reason: z.string().max(256).optional() }),
  async handle(ctx, { params, query }) {
    const revoked = await revokeRole(ctx, { agent: params.did, role: params.role, reason: query.reason })
    return { status: 200, body: revoked }
  },
})
