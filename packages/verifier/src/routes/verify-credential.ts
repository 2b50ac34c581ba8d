import { MAX_CREDENTIAL_BYTES } from '@consulate/core'
import { z } from 'zod'
import { verifyAlone } from '../use-cases/verify-credential.ts'
import { route } from './route.ts'
import { verifiedAnswer } from './verified-answer.ts'

export const verifyCredentialRoute = route({
  summary: 'Verifies a role credential, whoever holds it.',
  method: 'post',
  path: '/credentials/verify',
  access: 'resourceServer',
  refusals: 'verification',
  body: z.strictObject({
    verifiableCredential: z.string().max(MAX_CREDENTIAL_BYTES),
    options: z.strictObject({}).optional(),
  }),
  answers: { 200: verifiedAnswer },
  handle: async (ctx, { body }) => ({
    status: 200,
    body: { verified: true, ...(await verifyAlone(ctx, body.verifiableCredential)) },
  }),
})
