import { envelope, headSchema } from '@consulate/core'
import { entityTag } from '@consulate/server'
import { z } from 'zod'
import { readPastStatusList } from '../use-cases/read-past-status-list.ts'
import { readStatusList } from '../use-cases/read-status-list.ts'
import { TTL_MS } from '../use-cases/sign-status-list.ts'
import { anchorAnswer } from './answers.ts'
import { route } from './route.ts'
import { idParams, timestampQuery } from './schemas.ts'

const JSON_TYPE = 'application/json'
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
  summary: 'A status list credential, now or as it was then, enveloped in JSON or as the bare token.',
  method: 'get',
  path: '/status-lists/:id',
  access: 'public',
  params: idParams,
  query: timestampQuery,
  answers: {
    200: {
      [JSON_TYPE]: z.strictObject({
        '@context': z.array(z.string()),
        id: z.string(),
        type: z.literal('EnvelopedVerifiableCredential'),
      }),
      [VC_JWT]: z.string(),
    },
    304: null,
  },
  async handle(ctx, { params: { id }, query: { timestamp }, negotiate }) {
    const type = negotiate(JSON_TYPE, VC_JWT)
    const token = await (timestamp === undefined ? readStatusList(ctx, id) : readPastStatusList(ctx, id, timestamp))
    const headers = { ETag: entityTag(type, token), 'Cache-Control': `public, max-age=${TTL_MS / 1000}` }
    return {
      status: 200,
      headers,
      ...(type === VC_JWT ? { body: token, contentType: VC_JWT } : { body: envelope('vc+jwt', token) }),
    }
  },
})
