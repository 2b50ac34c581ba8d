import { formatDateTime, MAX_CREDENTIAL_BYTES } from '@consulate/core'
import { z } from 'zod'
import { storeCredential } from '../use-cases/store-credential.ts'
import { route } from './route.ts'
import { agentParams, heldAnswer, own } from './schemas.ts'

export const storeCredentialRoute = route({
  summary: 'Keeps a credential, once it is verified and its subject is this agent.',
  method: 'post',
  path: '/agents/:did/credentials',
  access: 'agent',
  params: agentParams,
  body: z.strictObject({ verifiableCredential: z.string().max(MAX_CREDENTIAL_BYTES) }),
  answers: { 201: heldAnswer },
  async handle(ctx, { params, body, principal }) {
    const agent = own(principal, params.did)
    const { id, role, issuer, validUntil } = await storeCredential(ctx, { agent, token: body.verifiableCredential })
    return { status: 201, body: { id, role, issuer, validUntil: formatDateTime(validUntil) } }
  },
})
