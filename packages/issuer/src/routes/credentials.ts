import { z } from 'zod'
import { issueCredential } from '../use-cases/issue-credential.ts'
import { readOwnCredential } from '../use-cases/read-own-credential.ts'
import { setOwnStatus } from '../use-cases/set-own-status.ts'
import { credentialAnswer, headAnswer, issuedAnswer } from './answers.ts'
import { route } from './route.ts'
import { credentialIdSchema, issueBody } from './schemas.ts'

export const issueCredentialRoute = route({
  summary: 'Issues a VCDM 2.0 credential that is no role, committed before it is signed.',
  method: 'post',
  path: '/credentials/issue',
  access: 'admin',
  scope: 'issue',
  body: issueBody,
  answers: { 201: issuedAnswer },
  async handle(ctx, { body: { credential, options = {} }, principal }) {
    const verifiableCredential = await issueCredential(ctx, { credential, ...options, by: principal.actor })
    return { status: 201, body: { verifiableCredential } }
  },
})

export const readCredentialRoute = route({
  summary: 'A role, its status, and where its last change is anchored; a credential of another kind as it was issued.',
  method: 'get',
  path: '/credentials/:id',
  access: 'admin',
  scope: 'read',
  params: z.strictObject({ id: credentialIdSchema }),
  answers: { 200: z.union([credentialAnswer, issuedAnswer]) },
  handle: async (ctx, { params }) => ({ status: 200, body: await readOwnCredential(ctx, params.id) }),
})

export const setCredentialStatusRoute = route({
  summary: 'Suspends a credential, lifts that again, or revokes it for good.',
  method: 'post',
  path: '/credentials/status',
  access: 'admin',
  scope: 'revoke',
  body: z.strictObject({
    credentialId: credentialIdSchema,
    credentialStatus: z.strictObject({
      type: z.literal('BitstringStatusListEntry'),
      statusPurpose: z.enum(['revocation', 'suspension']),
    }),
    status: z.boolean(),
  }),
  answers: {
    200: z.strictObject({
      credentialId: z.string(),
      credentialStatus: z.strictObject({ type: z.string(), statusPurpose: z.string() }),
      status: z.boolean(),
      head: headAnswer.optional().meta({ description: 'of a role' }),
    }),
  },
  async handle(ctx, { body: { credentialId, credentialStatus, status }, principal }) {
    const { statusPurpose: purpose } = credentialStatus
    const told = await setOwnStatus(ctx, { credentialId, purpose, status, by: principal.actor })
    return { status: 200, body: { credentialId, credentialStatus, status, ...told } }
  },
})
