import { domainSchema } from '@consulate/core'
import { pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { z } from 'zod'
import type { ResourceServer } from '../records.ts'
import { registerResourceServer } from '../use-cases/register-resource-server.ts'
import { removeResourceServer } from '../use-cases/remove-resource-server.ts'
import { route } from './route.ts'

const resourceServerAnswer = z.strictObject({ id: z.string(), name: z.string(), domains: z.array(z.string()) })

/** `*` for all; a web address only as agents spell it, who take the origin of the URL that they are connected to. */
const registeredDomain = domainSchema.refine(
  (domain) => domain === '*' || !(domain.includes('*') || isUrlBesidesOrigin(domain)),
  'must be an origin as agents spell it, such as https://api.example: no path, capitals, default port or wildcard; * alone is all',
)

export const listResourceServersRoute = route({
  summary: 'Every resource server.',
  method: 'get',
  path: '/resource-servers',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: { 200: pageAnswer(resourceServerAnswer.extend({ createdAt: z.int(), createdBy: z.string().optional() })) },
  async handle({ store }, { query: { after, limit } }) {
    const servers = await store.listResourceServers({ after, limit: limit + 1 })
    const shown = servers.map(describe)
    return { status: 200, body: pageOf(shown, limit, ({ id }) => id) }
  },
})

export const createResourceServerRoute = route({
  summary: 'Registers a resource server; its token is shown this once.',
  method: 'post',
  path: '/resource-servers',
  access: 'admin',
  scope: 'trust',
  body: z.strictObject({ name: z.string().min(1).max(128), domains: z.array(registeredDomain).min(1).max(100) }),
  answers: { 201: resourceServerAnswer.extend({ token: z.string().optional() }) },
  async handle(ctx, { body, principal }) {
    return { status: 201, body: await registerResourceServer(ctx, { ...body, by: principal.actor }) }
  },
})

export const deleteResourceServerRoute = route({
  summary: 'Removes a resource server; its token works no longer.',
  method: 'delete',
  path: '/resource-servers/:id',
  access: 'admin',
  scope: 'trust',
  params: z.strictObject({ id: z.string().max(64) }),
  answers: { 204: null },
  async handle(ctx, { params: { id }, principal }) {
    await removeResourceServer(ctx, { id, by: principal.actor })
    return { status: 204 }
  },
})

function describe({ id, name, domains, createdAt, createdBy }: ResourceServer) {
  return { id, name, domains, createdAt, ...(createdBy !== null && { createdBy }) }
}

function isUrlBesidesOrigin(domain: string): boolean {
  return /^https?:/i.test(domain) && URL.parse(domain)?.origin !== domain
}
