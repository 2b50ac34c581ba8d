import { z } from 'zod'
import { readCredential } from '../use-cases/read-credential.ts'
import { setCredentialStatus } from '../use-cases/set-credential-status.ts'
import { credentialAnswer, headVersionAnswer } from './answers.ts'
import { route } from './route.ts'
import { idParams } from './schemas.ts'

export const readCredentialRoute = route({
  summary: 'A credential, its status, and where its last change is anchored.',
  method: 'get',
  path: '/credentials/:id',
  access: 'admin',
  scope: 'read',
  params: idParams,
  answers: { 200: credentialAnswer },
  handle: async (ctx, { params }) => ({ status: 200, body: await readCredential(ctx, params.id) }),
})

export const setCredentialStatusRoute = route({
  summary: 'Suspends a credential, lifts that again, or revokes it for good.',
  method: 'post',
  path: '/credentials/status',
  access: 'admin',
  scope: 'revoke',
  body: z.strictObject({
    credentialId: z.string().min(1).max(128),
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
      head: headVersionAnswer,
    }),
  },
  async handle(ctx, { body: { credentialId, credentialStatus, status }, principal }) {
    const { statusPurpose: purpose } = credentialStatus
    const head = await setCredentialStatus(ctx, { credentialId, purpose, status, by: principal.actor })
    return { status: 200, body: { credentialId, credentialStatus, status, head } }
  },
})
