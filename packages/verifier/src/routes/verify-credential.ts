import { MAX_CREDENTIAL_BYTES } from '@consulate/core'
import { z } from 'zod'
import { verifyAlone } from '../use-cases/verify-credential.ts'
import { route } from './route.ts'

export const verifyCredentialRoute = route({
  method: 'post',
  path: '/credentials/verify',
  access: 'resourceServer',
  refusals: 'verification',
  body: z.strictObject({
    verifiableCredential: z.string().max(MAX_CREDENTIAL_BYTES),
    options: z.strictObject({}).optional(),
  }),
  handle: async (ctx, { body }) => ({
    status: 200,
    body: { verified: true, ...(await verifyAlone(ctx, body.verifiableCredential)) },
  }),
})
