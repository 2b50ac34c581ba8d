import { domainSchema } from '@consulate/core'
import { pageOf } from '@consulate/server'
import { z } from 'zod'
import { registerResourceServer } from '../use-cases/register-resource-server.ts'
import { removeResourceServer } from '../use-cases/remove-resource-server.ts'
import { route } from './route.ts'

export const listResourceServersRoute = route({
  method: 'get',
  path: '/resource-servers',
  access: 'admin',
  query: z.strictObject({
    after: z.string().max(64).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  async handle({ store }, { query: { after, limit } }) {
    const servers = await store.listResourceServers({ after, limit: limit + 1 })
    const shown = servers.map(({ id, name, domains, createdAt }) => ({ id, name, domains, createdAt }))
    return { status: 200, body: pageOf(shown, limit, ({ id }) => id) }
  },
})

export const createResourceServerRoute = route({
  method: 'post',
  path: '/resource-servers',
  access: 'admin',
  body: z.strictObject({ name: z.string().min(1).max(128), domains: z.array(domainSchema).min(1).max(100) }),
  handle: async (ctx, { body }) => ({ status: 201, body: await registerResourceServer(ctx, body) }),
})

export const deleteResourceServerRoute = route({
  method: 'delete',
  path: '/resource-servers/:id',
  access: 'admin',
  params: z.strictObject({ id: z.string().max(64) }),
  async handle(ctx, { params: { id } }) {
    await removeResourceServer(ctx, id)
    return { status: 204 }
  },
})
