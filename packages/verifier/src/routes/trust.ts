import { canonicalDid, rolePatternSchema, sensitivitySchema } from '@consulate/core'
import { z } from 'zod'
import { distrustIssuer, trustIssuer, unknownIssuer } from '../use-cases/trust-issuer.ts'
import { route } from './route.ts'

const path = '/trust/issuers/:did'
const params = z.strictObject({ did: z.string().max(512).transform(canonicalDid) })

export const readTrustRoute = route({
  method: 'get',
  path,
  access: 'admin',
  scope: 'read',
  params,
  handle({ trust, follower }, { params: { did } }) {
    const trusted = trust.find(did)
    if (!trusted) throw unknownIssuer(did)
    return { status: 200, body: { ...trusted, status: follower.describe(did) ?? null } }
  },
})

export const putTrustRoute = route({
  method: 'put',
  path,
  access: 'admin',
  scope: 'trust',
  params,
  body: z.strictObject({
    roles: z.array(rolePatternSchema).min(1).max(100),
    statusUrl: z.url({ protocol: /^https?$/ }).max(2048),
    minSensitivity: sensitivitySchema.optional(),
  }),
  async handle(ctx, { params: { did }, body, principal }) {
    const { roles, statusUrl, minSensitivity = 'high' } = body
    const record = { did, roles, statusUrl, minSensitivity }
    const isNew = await trustIssuer(ctx, { ...record, changedBy: principal.actor })
    return { status: isNew ? 201 : 200, body: record }
  },
})

export const deleteTrustRoute = route({
  method: 'delete',
  path,
  access: 'admin',
  scope: 'trust',
  params,
  async handle(ctx, { params: { did } }) {
    await distrustIssuer(ctx, did)
    return { status: 204 }
  },
})
