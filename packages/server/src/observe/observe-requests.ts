import type { Request, RequestHandler, Response } from 'express'
import { createHttpMetrics } from './metrics/http-metrics.ts'
import type { Observer } from './observer.ts'
import { requestIdOf } from './request-id.ts'
import { runInScope } from './request-scope.ts'

/** The caller left before the answer was sent, as nginx writes it. */
const CALLER_LEFT = 499

/** Gives each request its id and its trace, and measures it. `untraced` are paths whose traces nobody would read. */
export function observeRequests({ registry, tracing }: Observer, untraced: ReadonlySet<string>): RequestHandler {
  const answered = createHttpMetrics(registry)
  return (request, response, next) => {
    const requestId = requestIdOf(request.headers['x-request-id'])
    response.setHeader('X-Request-Id', requestId)
    const begun = performance.now()
    const { method } = request
    const trace = untraced.has(request.path) ? undefined : tracing?.begin(method, 'server', request.headers)
    response.once('close', () => {
      const { route, code, refusal } = outcomeOf(request, response)
      answered({ method, route: route ?? 'unmatched', code, refusal, seconds: (performance.now() - begun) / 1000 })
      trace?.end({
        name: route === undefined ? method : `${method} ${route}`,
        facts: {
          'http.request.method': method,
          'http.response.status_code': code,
          'consulate.request_id': requestId,
          ...(route !== undefined && { 'http.route': route }),
          ...(refusal !== undefined && { 'error.type': refusal }),
        },
        failed: code >= 500,
      })
    })
    runInScope({ requestId, trace }, next)
  }
}

function outcomeOf(request: Request, response: Response) {
  return {
    route: request.route?.path as string | undefined,
    code: response.writableFinished ? response.statusCode : CALLER_LEFT,
    refusal: response.locals.refusal?.code as string | undefined,
  }
}
