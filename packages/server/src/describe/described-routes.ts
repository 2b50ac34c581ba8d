import { z } from 'zod'
import { defineRoute, type Route } from '../http/route.ts'
import { type Api, type ApiDocument, describeApi } from './describe-api.ts'
import { docsPage } from './docs-page.ts'

const route = defineRoute<unknown>()

/** No script runs, nothing is loaded, no other page frames it. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

/** A service's own routes and those that every service has, all of them described by `/openapi.json` and `/docs`. */
export function describedRoutes<Context>(api: Api, own: readonly Route<Context>[]): readonly Route<Context>[] {
  let document: ApiDocument | undefined
  const describe = () => {
    document ??= describeApi(api, routes as Route<never>[])
    return document
  }
  const healthRoute = route({
    summary: 'Whether the process answers.',
    method: 'get',
    path: '/healthz',
    access: 'public',
    answers: { 200: z.strictObject({ status: z.literal('ok') }) },
    handle: () => ({ status: 200, body: { status: 'ok' } }),
  })
  const openApiRoute = route({
    summary: 'This document: OpenAPI 3.1.',
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    answers: { 200: z.looseObject({ openapi: z.string(), paths: z.looseObject({}) }) },
    handle: () => ({ status: 200, body: describe() }),
  })
  const docsRoute = route({
    summary: 'This document as a page for people.',
    method: 'get',
    path: '/docs',
    access: 'public',
    answers: { 200: { 'text/html': z.string() } },
    handle: () => ({
      status: 200,
      body: docsPage(describe()),
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY },
    }),
  })
  const routes: readonly Route<Context>[] = [...own, healthRoute, openApiRoute, docsRoute] as Route<Context>[]
  return routes
}
