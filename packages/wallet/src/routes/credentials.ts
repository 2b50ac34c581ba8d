import { formatDateTime } from '@consulate/core'
import { z } from 'zod'
import type { StoredCredential } from '../records.ts'
import { deleteCredential, unknownCredential } from '../use-cases/delete-credential.ts'
import { route } from './route.ts'
import { agentParams, credentialParams, heldAnswer, own } from './schemas.ts'

export const listCredentialsRoute = route({
  summary: 'What the agent holds.',
  method: 'get',
  path: '/agents/:did/credentials',
  access: 'agent',
  params: agentParams,
  answers: { 200: z.strictObject({ items: z.array(heldAnswer) }) },
  async handle(ctx, { params, principal }) {
    const credentials = await ctx.store.listCredentials(own(principal, params.did))
    return { status: 200, body: { items: credentials.map(describe) } }
  },
})

export const readCredentialRoute = route({
  summary: 'One credential, with its token.',
  method: 'get',
  path: '/agents/:did/credentials/:id',
  access: 'agent',
  params: credentialParams,
  answers: { 200: heldAnswer.extend({ verifiableCredential: z.string() }) },
  async handle(ctx, { params, principal }) {
    const credential = await ctx.store.findCredential(own(principal, params.did), params.id)
    if (!credential) throw unknownCredential(params.id)
    return { status: 200, body: { ...describe(credential), verifiableCredential: credential.token } }
  },
})

export const deleteCredentialRoute = route({
  summary: 'Forgets a credential.',
  method: 'delete',
  path: '/agents/:did/credentials/:id',
  access: 'agent',
  params: credentialParams,
  answers: { 204: null },
  async handle(ctx, { params, principal }) {
    await deleteCredential(ctx, { agent: own(principal, params.did), id: params.id })
    return { status: 204 }
  },
})

function describe({ id, role, issuer, validUntil }: StoredCredential) {
  return { id, role, issuer, validUntil: formatDateTime(validUntil) }
}
