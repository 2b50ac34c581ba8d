import { sensitivitySchema } from '@consulate/core'
import { pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { z } from 'zod'
import type { Role } from '../records.ts'
import { putRole } from '../use-cases/put-role.ts'
import { route } from './route.ts'
import { roleParams } from './schemas.ts'

const roleAnswer = z.strictObject({
  role: z.string(),
  description: z.string(),
  maxValiditySeconds: z.int(),
  sensitivity: sensitivitySchema,
  claimsSchema: z.record(z.string(), z.json()).optional(),
  changedBy: z.string().optional(),
})

const YEAR = 31_536_000

const CLAIMS_SCHEMA =
  'JSON Schema (2020-12) of at most 16,384 bytes, without $ref; its patterns are those that RE2 can match'

export const putRoleRoute = route({
  summary: 'Defines a role, or changes its definition.',
  method: 'put',
  path: '/roles/:role',
  access: 'admin',
  scope: 'issue',
  params: roleParams,
  body: z.strictObject({
    description: z.string().min(1).max(1024),
    maxValiditySeconds: z.int().min(1).max(YEAR),
    sensitivity: sensitivitySchema,
    claimsSchema: z.record(z.string(), z.json()).optional().meta({ description: CLAIMS_SCHEMA }),
  }),
  answers: { 200: roleAnswer, 201: roleAnswer },
  async handle(ctx, { params, body, principal }) {
    const { claimsSchema = null, ...rest } = body
    const role = { ...params, ...rest, claimsSchema, changedBy: principal.actor }
    return { status: (await putRole(ctx, role)) ? 201 : 200, body: describe(role) }
  },
})

export const listRolesRoute = route({
  summary: 'Every role.',
  method: 'get',
  path: '/roles',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: { 200: pageAnswer(roleAnswer) },
  async handle({ store }, { query: { after, limit } }) {
    const roles = await store.listRoles({ after, limit: limit + 1 })
    return { status: 200, body: pageOf(roles.map(describe), limit, ({ role }) => role) }
  },
})

function describe({ claimsSchema, changedBy, ...role }: Role) {
  return { ...role, ...(claimsSchema && { claimsSchema }), ...(changedBy !== null && { changedBy }) }
}
