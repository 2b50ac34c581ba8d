import { DomainError, formatDateTime } from '@consulate/core'
import { z } from 'zod'
import { pageAnswer, pageOf, pageQuery } from '../http/page.ts'
import { defineRoute, type Route } from '../http/route.ts'
import type { Administrator } from './administrator.ts'
import { type AdministratorContext, createAdministrator } from './create-administrator.ts'
import type { AdministratorRecord } from './record.ts'
import { scopesSchema } from './scope.ts'

const YEAR = 31_536_000

const route = defineRoute<AdministratorContext, { admin: Administrator }>()

const administratorAnswer = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: scopesSchema,
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string(),
  revokedAt: z.string().optional(),
  revokedBy: z.string().optional(),
})

const createAdministratorRoute = route({
  summary: 'Gives an administrator an API key, which is shown this once.',
  method: 'post',
  path: '/administrators',
  access: 'admin',
  scope: 'administrators',
  body: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 .@_-]{0,127}$/, 'letters, digits, space, dot, at, dash, underscore; 128 at most'),
    scopes: scopesSchema,
    validForSeconds: z.int().min(1).max(YEAR),
  }),
  answers: {
    201: z.strictObject({
      id: z.string(),
      name: z.string(),
      scopes: scopesSchema,
      expiresAt: z.string(),
      key: z.string().optional().meta({ description: 'left out when a request is repeated' }),
    }),
  },
  async handle(ctx, { body, principal }) {
    const { expiresAt, ...created } = await createAdministrator(ctx, { ...body, by: principal.actor })
    return { status: 201, body: { ...created, expiresAt: formatDateTime(expiresAt) } }
  },
})

const listAdministratorsRoute = route({
  summary: 'Every API key, those revoked included.',
  method: 'get',
  path: '/administrators',
  access: 'admin',
  scope: 'administrators',
  query: pageQuery,
  answers: { 200: pageAnswer(administratorAnswer) },
  async handle({ administrators }, { query: { after, limit } }) {
    const found = await administrators.list({ after, limit: limit + 1 })
    return { status: 200, body: pageOf(found.map(describe), limit, ({ id }) => id) }
  },
})

const deleteAdministratorRoute = route({
  summary: 'Revokes an API key; it works no longer.',
  method: 'delete',
  path: '/administrators/:id',
  access: 'admin',
  scope: 'administrators',
  params: z.strictObject({ id: z.string().max(64) }),
  answers: { 204: null },
  async handle({ administrators, clock }, { params: { id }, principal }) {
    await administrators.once(async () => {
      if (!(await administrators.revoke(id, principal.actor, clock.now())))
        throw new DomainError('administrator_unknown', `There is no administrator ${id} here; see GET /administrators.`)
    })
    return { status: 204 }
  },
})

/** The same for every service: keys are made, listed and revoked with the bootstrap token alone. */
export const administratorRoutes: readonly Route<AdministratorContext>[] = [
  createAdministratorRoute,
  listAdministratorsRoute,
  deleteAdministratorRoute,
]

function describe({ id, name, scopes, createdAt, createdBy, expiresAt, revokedAt, revokedBy }: AdministratorRecord) {
  return {
    id,
    name,
    scopes,
    createdAt: formatDateTime(createdAt),
    createdBy,
    expiresAt: formatDateTime(expiresAt),
    ...(revokedAt !== null && { revokedAt: formatDateTime(revokedAt), revokedBy }),
  }
}
