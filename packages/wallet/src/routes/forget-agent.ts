import { forgetAgent } from '../use-cases/forget-agent.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const forgetAgentRoute = route({
  method: 'delete',
  path: '/agents/:did',
  access: 'admin',
  scope: 'revoke',
  params: agentParams,
  async handle(ctx, { params }) {
    await forgetAgent(ctx, params.did)
    return { status: 204 }
  },
})
