import { envelope, headSchema, showEntries } from '@consulate/core'
import { entityTag } from '@consulate/server'
import { z } from 'zod'
import { followStatus } from '../use-cases/follow-status.ts'
import { readHeads } from '../use-cases/read-heads.ts'
import { readPastStatusList } from '../use-cases/read-past-status-list.ts'
import { readStatusList } from '../use-cases/read-status-list.ts'
import { TTL_MS } from '../use-cases/sign-status-list.ts'
import { anchorAnswer } from './answers.ts'
import { route } from './route.ts'
import { idParams, timestampQuery } from './schemas.ts'

const JSON_TYPE = 'application/json'
const VC_JWT = 'application/vc+jwt'

/** `epoch.version`, as the ids of events are. */
const placeSchema = z
  .string()
  .regex(/^\d{1,10}\.\d{1,15}$/, 'must be an epoch and a version, such as 0.41')
  .transform((place) => {
    const [epoch, version] = place.split('.').map(Number) as [number, number]
    return { epoch, version }
  })

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
      heartbeat: z.string(),
    }),
  },
  async handle(ctx) {
    const { entries, ...published } = await ctx.newestHead()
    return { status: 200, body: { ...published, entries: showEntries(entries) } }
  },
})

export const readHeadsRoute = route({
  summary: 'The signed heads after one, in their order: what links two that a verifier knows.',
  method: 'get',
  path: '/status/heads',
  access: 'public',
  query: z.strictObject({ after: placeSchema }),
  answers: {
    200: z.strictObject({
      items: z.array(z.strictObject({ head: headSchema, signature: z.string(), signer: z.string() })),
    }),
  },
  handle: async (ctx, { query: { after } }) => ({ status: 200, body: { items: await readHeads(ctx, after) } }),
})

export const followStatusRoute = route({
  summary: 'Heads as they are signed, with what they change, and a heartbeat each second: server-sent events.',
  method: 'get',
  path: '/status/events',
  access: 'public',
  recognizes: { access: 'admin', scope: 'read' },
  answers: { 200: { 'text/event-stream': z.string() } },
  async handle(ctx, { headers, principal }) {
    const id = headers['last-event-id']
    const after = typeof id === 'string' ? id : undefined
    return { status: 200, stream: await followStatus(ctx, { after, known: principal !== undefined }) }
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
