import { headSchema } from '@consulate/core'
import { z } from 'zod'
import { readStatusList } from '../use-cases/read-status-list.ts'
import { anchorAnswer } from './answers.ts'
import { route } from './route.ts'
import { idParams } from './schemas.ts'

const VC_JWT = 'application/vc+jwt'

export const readHeadRoute = route({
  summary: 'The newest signed status head, and where it is anchored.',
  method: 'get',
  path: '/status/head',
  access: 'public',
  answers: {
    200: z.strictObject({
      head: headSchema,
      signature: z.string(),
      signer: z.string(),
      entries: z.array(z.strictObject({ name: z.string(), purpose: z.string(), version: z.int(), sha256: z.string() })),
      anchor: anchorAnswer,
    }),
  },
  async handle(ctx) {
    const { entries, ...published } = await ctx.newestHead()
    const shown = entries.map(({ digest, ...entry }) => ({ ...entry, sha256: digest }))
    return { status: 200, body: { ...published, entries: shown } }
  },
})

/** As an enveloped credential in JSON, or as the bare token for who asks for `application/vc+jwt`. */
export const readStatusListRoute = route({
  summary: 'A status list credential, by the Accept header enveloped in JSON or as the bare token.',
  method: 'get',
  path: '/status-lists/:id',
  access: 'public',
  params: idParams,
  answers: {
    200: {
      'application/json': z.strictObject({
        '@context': z.array(z.string()),
        id: z.string(),
        type: z.literal('EnvelopedVerifiableCredential'),
      }),
      [VC_JWT]: z.string(),
    },
  },
  async handle(ctx, { params, headers }) {
    const token = await readStatusList(ctx, params.id)
    if (headers.accept?.includes(VC_JWT)) return { status: 200, body: token, contentType: VC_JWT }
    return {
      status: 200,
      body: {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: `data:${VC_JWT},${token}`,
        type: 'EnvelopedVerifiableCredential',
      },
    }
  },
})
