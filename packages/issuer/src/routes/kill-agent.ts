import { killAgent } from '../use-cases/kill-agent.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const killAgentRoute = route({
  method: 'delete',
  path: '/agents/:did',
  access: 'admin',
  scope: 'revoke',
  params: agentParams,
  handle: async (ctx, { params, principal }) => ({
    status: 200,
    body: await killAgent(ctx, params.did, principal.actor),
  }),
})
