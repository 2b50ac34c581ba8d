import { randomUUID } from 'node:crypto'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { createApp } from '../http/create-app.ts'
import { type Listening, listen } from '../http/listen.ts'
import { defineRoute } from '../http/route.ts'
import { createLogger } from '../logger.ts'
import { createOutgoingFetch } from './outgoing-fetch.ts'
import { currentScope } from './request-scope.ts'

describe('observed requests', () => {
  const registry = new Registry()
  const logger = createLogger('test', 'silent')
  let server: Listening

  before(async () => {
    server = await listen('127.0.0.1', 0)
    const route = defineRoute<unknown>()
    const described = { summary: 'A test.', answers: { 200: z.json() } }
    const api = { title: 'Test', version: '0' }
    const context = { clock: { now: () => 0 } }
    const outgoing = createOutgoingFetch(undefined)
    const routes = [
      route({
        ...described,
        method: 'post',
        path: '/echoes/:name',
        access: 'public',
        body: z.strictObject({ text: z.string() }),
        handle: () => ({ status: 200, body: { id: currentScope()?.requestId } }),
      }),
      route({
        ...described,
        method: 'get',
        path: '/onward',
        access: 'public',
        async handle(_ctx, { headers }) {
          if (headers['x-hop'] === undefined) {
            const answer = await outgoing(`${server.url}/onward`, { headers: { 'X-Hop': '1' } })
            return { status: 200, body: await answer.json() }
          }
          return { status: 200, body: { id: headers['x-request-id'], hop: headers['x-hop'] } }
        },
      }),
      route({
        ...described,
        method: 'get',
        path: '/refused',
        access: 'public',
        handle() {
          throw new DomainError('role_unknown', 'There is no such role.')
        },
      }),
      route({
        ...described,
        method: 'get',
        path: '/slow',
        access: 'public',
        handle: () => new Promise<never>(() => {}),
      }),
    ]
    const observer = { registry, tracing: undefined }
    const config = { rateLimits: { address: 1_000, token: 1_000 }, trustedProxies: [] }
    server.serve(createApp({ context, api, routes, callers: {}, logger, observer, checks: {}, config }))
  })
  after(() => server.close())

  it('are known by their id wherever they are worked on, after a long body too', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID())
    const answers = await Promise.all(
      ids.map(async (id) => {
        const headers = { 'Content-Type': 'application/json', 'X-Request-Id': id }
        const body = JSON.stringify({ text: 'x'.repeat(200_000) })
        const response = await fetch(`${server.url}/echoes/a`, { method: 'POST', headers, body })
        return (await response.json()) as { id: string }
      }),
    )
    expect(answers.map(({ id }) => id)).to.deep.equal(ids)
  })

  it('pass their id on in calls that are made for them', async () => {
    const id = randomUUID()
    const response = await fetch(`${server.url}/onward`, { headers: { 'X-Request-Id': id } })
    expect(await response.json()).to.deep.equal({ id, hop: '1' })
  })

  it('are counted by the pattern of their route, and by why they were refused', async () => {
    await fetch(`${server.url}/refused`)
    await fetch(`${server.url}/refused`, { method: 'HEAD' })
    const left = new AbortController()
    const slow = fetch(`${server.url}/slow`, { signal: left.signal }).catch(() => 'left')
    setTimeout(() => left.abort(), 50)
    expect(await slow).to.equal('left')
    await fetch(`${server.url}/healthz`)
    const text = await registry.metrics()
    const labels = (line: string) => expect(text, line).to.include(line)
    labels('http_request_duration_seconds_count{method="POST",route="/echoes/:name",code="200"} 20')
    labels('http_request_duration_seconds_count{method="GET",route="/refused",code="404"} 1')
    labels('http_request_duration_seconds_count{method="HEAD",route="/refused",code="404"} 1')
    labels('http_request_duration_seconds_count{method="GET",route="/slow",code="499"} 1')
    labels('consulate_refusals_total{route="/refused",code="role_unknown"} 2')
  })
})
