import type { IncomingHttpHeaders } from 'node:http'

/** Never a header, a body, a path or a query: only what stands here leaves the process. */
interface TraceFacts {
  'http.request.method'?: string
  /** The pattern, not the path. */
  'http.route'?: string
  'http.response.status_code'?: number
  'server.address'?: string
  'consulate.request_id'?: string
  /** The code of a refusal. */
  'error.type'?: string
}

/** One span, under way. */
export interface Trace {
  traceId: string
  child(name: string, kind: 'internal' | 'client'): Trace
  /** What carries the trace to the next service (W3C Trace Context). */
  headers(): Record<string, string>
  end(outcome?: { name?: string; facts?: TraceFacts; failed?: boolean }): void
}

export interface Tracing {
  /** A span without one above it here; `caller` names the one above it elsewhere. */
  begin(name: string, kind: 'server' | 'client', caller?: IncomingHttpHeaders): Trace
  /** Sends what is still here, for two seconds at most. */
  stop(): Promise<void>
}
