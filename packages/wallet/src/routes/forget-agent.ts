import { forgetAgent } from '../use-cases/forget-agent.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const forgetAgentRoute = route({
  summary: 'Forgets an agent, its credentials and its keys, for good.',
  method: 'delete',
  path: '/agents/:did',
  access: 'admin',
  scope: 'revoke',
  params: agentParams,
  answers: { 204: null },
  async handle(ctx, { params: { did }, principal }) {
    await forgetAgent(ctx, { did, by: principal.actor })
    return { status: 204 }
  },
})
