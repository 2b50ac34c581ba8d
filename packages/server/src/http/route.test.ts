import { expect } from 'chai'
import { Registry } from 'prom-client'
import type { Administrator } from '../admin/administrator.ts'
import { createLogger } from '../logger.ts'
import { createApp } from './create-app.ts'
import { defineRoute, type Route } from './route.ts'

const route = defineRoute<unknown, { admin: Administrator; agent: string }>()
const common = {
  summary: 'Nothing.',
  method: 'get',
  path: '/',
  answers: { 204: null },
  handle: () => ({ status: 204 }),
} as const
const api = { title: 'Test', version: '0' }
const context = { clock: { now: () => 0 } }

describe('a route', () => {
  const served = (routes: Route<typeof context>[]) => () =>
    createApp({
      context,
      api,
      routes,
      callers: {},
      logger: createLogger('test', 'silent'),
      observer: { registry: new Registry(), tracing: undefined },
      checks: {},
      config: { rateLimits: { address: 1, token: 1 }, trustedProxies: [] },
    })

  it('of administrators does not compile without a scope, and no other compiles with one', () => {
    // @ts-expect-error an administrator needs a scope
    route({ ...common, access: 'admin' })
    // @ts-expect-error there is no such scope
    route({ ...common, access: 'admin', scope: 'everything' })
    // @ts-expect-error an agent has no scopes
    route({ ...common, access: 'agent', scope: 'read' })
    expect(route({ ...common, access: 'admin', scope: 'read' })).to.have.property('scope', 'read')
  })

  it('of administrators is not served without a scope, should the compiler be got round', () => {
    expect(served([{ ...common, access: 'admin' }])).to.throw('needs a scope')
    expect(served([{ ...common, access: 'public', scope: 'read' }])).to.throw('needs a scope')
  })

  it('is not served to callers whom nobody can tell', () => {
    expect(served([{ ...common, access: 'agent' }])).to.throw('is for agent, whom nobody knows')
  })
})
