import {
  canonicalDid,
  equivocationEvidenceSchema,
  headSchema,
  rolePatternSchema,
  sensitivitySchema,
} from '@consulate/core'
import { isSecure, pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { z } from 'zod'
import type { TrustedIssuer } from '../records.ts'
import { clearIssuer } from '../use-cases/clear-issuer.ts'
import { readEvidence } from '../use-cases/read-evidence.ts'
import { distrustIssuer, trustIssuer, unknownIssuer } from '../use-cases/trust-issuer.ts'
import { route } from './route.ts'

const path = '/trust/issuers/:did'
const params = z.strictObject({ did: z.string().max(512).transform(canonicalDid) })

const signedHead = z.strictObject({ head: headSchema, signer: z.string().optional(), signature: z.string().optional() })

const trustAnswer = z.strictObject({
  did: z.string(),
  roles: z.array(z.string()),
  statusUrl: z.string(),
  minSensitivity: sensitivitySchema,
  hasStatusToken: z.boolean(),
})

const trustedAnswer = trustAnswer.extend({ createdAt: z.int(), changedBy: z.string().nullable() })

export const listTrustRoute = route({
  summary: 'Every issuer that is trusted, and with what.',
  method: 'get',
  path: '/trust/issuers',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: { 200: pageAnswer(trustedAnswer) },
  async handle({ trust }, { query: { after = '', limit } }) {
    const found = trust.all().filter(({ did }) => did > after)
    found.sort((one, other) => (one.did < other.did ? -1 : 1))
    return { status: 200, body: pageOf(found.slice(0, limit + 1).map(kept), limit, ({ did }) => did) }
  },
})

export const readTrustRoute = route({
  summary: 'What an issuer is trusted with, and what is known of its status.',
  method: 'get',
  path,
  access: 'admin',
  scope: 'read',
  params,
  answers: {
    200: trustedAnswer.extend({
      status: z
        .strictObject({
          headVersion: z.int(),
          ageMs: z.int(),
          anchored: z.boolean(),
          anchorLagMs: z.int(),
          chainAgeMs: z.int().nullable(),
          pushed: z.boolean(),
        })
        .nullable(),
      equivocations: z
        .array(z.strictObject({ epoch: z.int(), heads: z.array(signedHead), foundAt: z.int() }))
        .meta({ description: 'two signed heads of an epoch that exclude each other, until somebody clears them' }),
    }),
  },
  async handle({ trust, follower, store }, { params: { did } }) {
    const trusted = trust.find(did)
    if (!trusted) throw unknownIssuer(did)
    const equivocations = await store.listConvictions(did)
    const status = follower.describe(did) ?? null
    return { status: 200, body: { ...kept(trusted), status, equivocations } }
  },
})

export const readEvidenceRoute = route({
  summary: 'Proof that an issuer contradicted itself, for others to check, cleared here or not.',
  method: 'get',
  path: `${path}/evidence`,
  access: 'admin',
  scope: 'read',
  params,
  answers: { 200: equivocationEvidenceSchema },
  handle: async (ctx, { params: { did } }) => ({ status: 200, body: await readEvidence(ctx, did) }),
})

export const putTrustRoute = route({
  summary: 'Trusts an issuer for some roles, or changes for which.',
  method: 'put',
  path,
  access: 'admin',
  scope: 'trust',
  params,
  body: z
    .strictObject({
      roles: z.array(rolePatternSchema).min(1).max(100),
      statusUrl: z.url({ protocol: /^https?$/ }).max(2048),
      minSensitivity: sensitivitySchema.optional(),
      statusToken: z
        .string()
        .regex(/^[\x21-\x7e]{16,8192}$/, 'must be 16 to 8192 printable characters without spaces')
        .nullable()
        .optional()
        .meta({
          description:
            'sent to the status routes at `statusUrl` as a bearer token; kept when left out while the origin is the same, removed by null; never shown',
        }),
    })
    .refine(({ statusToken, statusUrl }) => !statusToken || isSecure(statusUrl), {
      path: ['statusToken'],
      error: 'is sent to https URLs only; http is for loopback alone',
    }),
  answers: { 200: trustAnswer, 201: trustAnswer },
  async handle(ctx, { params: { did }, body, principal }) {
    const { minSensitivity = 'high', statusToken, ...rest } = body
    const record = { did, minSensitivity, ...rest }
    const isNew = await trustIssuer(ctx, { ...record, statusToken, changedBy: principal.actor })
    const hasStatusToken = ctx.trust.find(did)?.statusToken != null
    return { status: isNew ? 201 : 200, body: { ...record, hasStatusToken } }
  },
})

export const clearTrustRoute = route({
  summary: 'Believes an issuer again that contradicted itself, once its owner has opened a later epoch.',
  method: 'post',
  path: `${path}/clear`,
  access: 'admin',
  scope: 'trust',
  params,
  body: z.strictObject({}),
  answers: { 200: z.strictObject({ did: z.string(), cleared: z.array(z.int()).meta({ description: 'epochs' }) }) },
  handle: async (ctx, { params: { did }, principal }) => ({
    status: 200,
    body: { did, cleared: await clearIssuer(ctx, did, principal.actor) },
  }),
})

export const deleteTrustRoute = route({
  summary: 'Trusts an issuer no longer.',
  method: 'delete',
  path,
  access: 'admin',
  scope: 'trust',
  params,
  answers: { 204: null },
  async handle(ctx, { params: { did }, principal }) {
    await distrustIssuer(ctx, { did, by: principal.actor })
    return { status: 204 }
  },
})

function kept(trusted: TrustedIssuer) {
  const { createdAt, changedBy } = trusted
  return { ...shown(trusted), createdAt, changedBy }
}

function shown({ did, roles, statusUrl, minSensitivity, statusToken }: TrustedIssuer) {
  return { did, roles, statusUrl, minSensitivity, hasStatusToken: statusToken !== null }
}
