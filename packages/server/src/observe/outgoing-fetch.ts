import { currentScope } from './request-scope.ts'
import type { Tracing } from './tracing/tracing.ts'

/** `fetch` for calls to other services: it carries the id and the trace of what is being worked on. */
export function createOutgoingFetch(tracing: Tracing | undefined): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const scope = currentScope()
    const method = init.method ?? 'GET'
    const trace = scope?.trace?.child(method, 'client') ?? tracing?.begin(method, 'client')
    const headers = new Headers(init.headers)
    if (scope) headers.set('X-Request-Id', scope.requestId)
    for (const [name, value] of Object.entries(trace?.headers() ?? {})) headers.set(name, value)
    const facts = {
      'http.request.method': method,
      'server.address': new URL(input instanceof Request ? input.url : input).hostname,
      ...(scope && { 'consulate.request_id': scope.requestId }),
    }
    try {
      const response = await fetch(input, { ...init, headers })
      trace?.end({ facts: { ...facts, 'http.response.status_code': response.status }, failed: !response.ok })
      return response
    } catch (error) {
      trace?.end({ facts, failed: true })
      throw error
    }
  }
}
