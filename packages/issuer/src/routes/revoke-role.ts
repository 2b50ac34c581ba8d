import { revokeRole } from '../use-cases/revoke-role.ts'
import { revokedAnswer } from './answers.ts'
import { route } from './route.ts'
import { agentRoleParams, reasonQuery } from './schemas.ts'

export const revokeRoleRoute = route({
  summary: 'Takes a role from an agent, for good.',
  method: 'delete',
  path: '/agents/:did/roles/:role',
  access: 'admin',
  scope: 'revoke',
  params: agentRoleParams,
  query: reasonQuery,
  answers: { 200: revokedAnswer },
  async handle(ctx, { params: { did: agent, role }, query: { reason }, principal }) {
    const revoked = await revokeRole(ctx, { agent, role, reason, by: principal.actor })
    return { status: 200, body: revoked }
  },
})
