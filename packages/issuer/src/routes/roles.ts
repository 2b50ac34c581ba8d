import { sensitivitySchema } from '@consulate/core'
import { pageOf } from '@consulate/server'
import { z } from 'zod'
import type { Role } from '../records.ts'
import { putRole } from '../use-cases/put-role.ts'
import { route } from './route.ts'
import { pageQuery, roleParams } from './schemas.ts'

const YEAR = 31_536_000

export const putRoleRoute = route({
  method: 'put',
  path: '/roles/:role',
  access: 'admin',
  scope: 'issue',
  params: roleParams,
  body: z.strictObject({
    description: z.string().min(1).max(1024),
    maxValiditySeconds: z.int().min(1).max(YEAR),
    sensitivity: sensitivitySchema,
    claimsSchema: z.record(z.string(), z.json()).optional(),
  }),
  async handle(ctx, { params, body, principal }) {
    const { claimsSchema = null, ...rest } = body
    const role = { ...params, ...rest, claimsSchema, changedBy: principal.actor }
    return { status: (await putRole(ctx, role)) ? 201 : 200, body: describe(role) }
  },
})

export const listRolesRoute = route({
  method: 'get',
  path: '/roles',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  async handle({ store }, { query: { after, limit } }) {
    const roles = await store.listRoles({ after, limit: limit + 1 })
    return { status: 200, body: pageOf(roles.map(describe), limit, ({ role }) => role) }
  },
})

function describe({ claimsSchema, changedBy, ...role }: Role) {
  return { ...role, ...(claimsSchema && { claimsSchema }), ...(changedBy !== null && { changedBy }) }
}
