import { z } from 'zod'
import { killAgent } from '../use-cases/kill-agent.ts'
import { anchorStateAnswer, revokedAnswer } from './answers.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const killAgentRoute = route({
  summary: 'The kill switch: every role, and a cut-off on chain.',
  method: 'delete',
  path: '/agents/:did',
  access: 'admin',
  scope: 'revoke',
  params: agentParams,
  answers: {
    200: revokedAnswer.extend({
      kill: z.strictObject({ cutoff: z.int(), state: anchorStateAnswer }),
    }),
  },
  handle: async (ctx, { params, principal }) => ({
    status: 200,
    body: await killAgent(ctx, params.did, principal.actor),
  }),
})
