import { z } from 'zod'
import { defineRoute, type Route } from '../http/route.ts'
import { type Api, type ApiDocument, type Callers, describeApi } from './describe-api.ts'
import { docsPage } from './docs-page.ts'

const route = defineRoute<unknown>()

/** No script runs, nothing is loaded, no other page frames it. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

/** These routes, and `/openapi.json` and `/docs`, which describe all of them. */
export function describedRoutes<Context>(
  api: Api,
  callers: Callers,
  described: readonly Route<Context>[],
): readonly Route<Context>[] {
  let document: ApiDocument | undefined
  const describe = () => {
    document ??= describeApi(api, callers, routes as Route<never>[])
    return document
  }
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
  const routes: readonly Route<Context>[] = [...described, openApiRoute, docsRoute] as Route<Context>[]
  return routes
}
