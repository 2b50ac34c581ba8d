import { Counter, Histogram, type Registry } from 'prom-client'

export interface AnsweredRequest {
  method: string
  /** The pattern of the route; never a path, of which there is no end. */
  route: string
  code: number
  /** Why it was refused. */
  refusal: string | undefined
  seconds: number
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])

/** Counts and times requests, and refusals by their codes. */
export function createHttpMetrics(registry: Registry): (request: AnsweredRequest) => void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route and status; code 499 means that the caller left before the answer.',
    labelNames: ['method', 'route', 'code'],
    buckets: BUCKETS,
    registers: [registry],
  })
  const refusals = new Counter({
    name: 'consulate_refusals_total',
    help: 'Refused requests by route and error code.',
    labelNames: ['route', 'code'],
    registers: [registry],
  })
  return ({ method, route, code, refusal, seconds }) => {
    durations.observe({ method: METHODS.has(method) ? method : 'other', route, code }, seconds)
    if (refusal !== undefined) refusals.inc({ route, code: refusal })
  }
}
