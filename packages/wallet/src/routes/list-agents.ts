import { pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { z } from 'zod'
import { route } from './route.ts'

export const listAgentsRoute = route({
  summary: 'Every agent.',
  method: 'get',
  path: '/agents',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: {
    200: pageAnswer(
      z.strictObject({ did: z.string(), name: z.string(), createdAt: z.int(), createdBy: z.string().optional() }),
    ),
  },
  async handle(ctx, { query }) {
    const agents = await ctx.store.listAgents({ after: query.after, limit: query.limit + 1 })
    const shown = agents.map(({ did, name, createdAt, createdBy }) => ({
      did,
      name,
      createdAt,
      ...(createdBy !== null && { createdBy }),
    }))
    return { status: 200, body: pageOf(shown, query.limit, ({ did }) => did) }
  },
})
