import { pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { agentAnswer, describeAgent } from './agent-answer.ts'
import { route } from './route.ts'

export const listAgentsRoute = route({
  summary: 'Every agent.',
  method: 'get',
  path: '/agents',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: { 200: pageAnswer(agentAnswer) },
  async handle(ctx, { query }) {
    const agents = await ctx.store.listAgents({ after: query.after, limit: query.limit + 1 })
    return { status: 200, body: pageOf(agents.map(describeAgent), query.limit, ({ did }) => did) }
  },
})
