import { entityTag } from '@consulate/server'
import { z } from 'zod'
import { instanceOf } from '../use-cases/instance-of.ts'
import { issueCredential } from '../use-cases/issue-credential.ts'
import { LIST_TTL_MS, readInstanceList, readPastInstanceList } from '../use-cases/read-instance-list.ts'
import { readIssued } from '../use-cases/read-issued.ts'
import { setIssuedStatus } from '../use-cases/set-issued-status.ts'
import { issuedAnswer, securedAnswer } from './answers.ts'
import { route } from './route.ts'
import { credentialIdSchema, issueBody, timestampQuery } from './schemas.ts'

const JSON_TYPE = 'application/json'
const VC_JWT = 'application/vc+jwt'

const params = z.strictObject({ instance: z.string().min(1).max(63) })
const statusEntrySchema = z.looseObject({
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.enum(['revocation', 'suspension']),
})

export const readInstanceRoute = route({
  summary: 'As whom an instance issues, and how.',
  method: 'get',
  path: '/instances/:instance',
  access: 'public',
  params,
  answers: {
    200: z.strictObject({
      name: z.string(),
      issuer: z.string(),
      verificationMethod: z.string(),
      securing: z.string(),
      status: z.array(z.string()),
    }),
  },
  handle(ctx, { params }) {
    const { name, issuer, verificationMethod, securing, status } = instanceOf(ctx, params.instance)
    return { status: 200, body: { name, issuer, verificationMethod, securing, status } }
  },
})

export const readInstanceDidRoute = route({
  summary: 'The DID document of an instance, for who serves it as its did:web.',
  method: 'get',
  path: '/instances/:instance/did.json',
  access: 'public',
  params,
  answers: { 200: z.record(z.string(), z.json()) },
  handle(ctx, { params }) {
    const { issuer, verificationMethod: id, publicKeyMultibase } = instanceOf(ctx, params.instance)
    const document = {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: issuer,
      verificationMethod: [{ id, type: 'Multikey', controller: issuer, publicKeyMultibase }],
      assertionMethod: [id],
    }
    return { status: 200, body: document }
  },
})

export const issueAnyCredentialRoute = route({
  summary: 'Issues any VCDM 2.0 credential, committed before it is signed.',
  method: 'post',
  path: '/instances/:instance/credentials/issue',
  access: 'admin',
  scope: 'issue',
  params,
  body: issueBody,
  answers: { 201: issuedAnswer },
  async handle(ctx, { params: { instance }, body: { credential, options = {} }, principal }) {
    const verifiableCredential = await issueCredential(ctx, { instance, credential, ...options, by: principal.actor })
    return { status: 201, body: { verifiableCredential } }
  },
})

export const readIssuedRoute = route({
  summary: 'What an instance issued last under this id.',
  method: 'get',
  path: '/instances/:instance/credentials/:id',
  access: 'admin',
  scope: 'read',
  params: params.extend({ id: credentialIdSchema }),
  answers: { 200: issuedAnswer },
  async handle(ctx, { params: { instance, id } }) {
    return { status: 200, body: { verifiableCredential: await readIssued(ctx, instance, id) } }
  },
})

export const setIssuedStatusRoute = route({
  summary: 'Suspends what an instance issued, lifts that again, or revokes it for good.',
  method: 'post',
  path: '/instances/:instance/credentials/status',
  access: 'admin',
  scope: 'revoke',
  params,
  body: z.strictObject({
    credentialId: credentialIdSchema,
    credentialStatus: statusEntrySchema,
    status: z.boolean().default(true),
  }),
  answers: {
    200: z.strictObject({ credentialId: z.string(), credentialStatus: z.looseObject({}), status: z.boolean() }),
  },
  async handle(ctx, { params: { instance }, body: { credentialId, credentialStatus, status }, principal }) {
    const { statusPurpose: purpose } = credentialStatus
    await setIssuedStatus(ctx, { instance, credentialId, purpose, status, by: principal.actor })
    return { status: 200, body: { credentialId, credentialStatus, status } }
  },
})

export const readInstanceListRoute = route({
  summary:
    'A status list of an instance, now or as it was then; the bare token where that is asked for, and how it signs.',
  method: 'get',
  path: '/instances/:instance/status-lists/:id',
  access: 'public',
  params: params.extend({ id: z.string().min(1).max(64) }),
  query: timestampQuery,
  answers: { 200: { [JSON_TYPE]: securedAnswer, [VC_JWT]: z.string() }, 304: null },
  async handle(ctx, { params: { instance, id }, query: { timestamp }, negotiate }) {
    const body = await (timestamp === undefined
      ? readInstanceList(ctx, instance, id)
      : readPastInstanceList(ctx, instance, id, timestamp))
    const [, token] = String(body.id).split(`data:${VC_JWT},`)
    const type = token === undefined ? JSON_TYPE : negotiate(JSON_TYPE, VC_JWT)
    const headers = {
      ETag: entityTag(type, JSON.stringify(body)),
      'Cache-Control': `public, max-age=${LIST_TTL_MS / 1000}`,
    }
    return { status: 200, headers, ...(type === VC_JWT ? { body: token, contentType: VC_JWT } : { body }) }
  },
})
