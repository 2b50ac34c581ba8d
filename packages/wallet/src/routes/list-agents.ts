import { pageOf } from '@consulate/server'
import { route } from './route.ts'
import { pageQuery } from './schemas.ts'

export const listAgentsRoute = route({
  method: 'get',
  path: '/agents',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
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
