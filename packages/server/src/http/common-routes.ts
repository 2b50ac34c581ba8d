import { z } from 'zod'
import type { Logger } from '../logger.ts'
import { processMetrics } from '../observe/metrics/process-metrics.ts'
import type { Observer } from '../observe/observer.ts'
import { CHECKS, type Checks, createReadiness } from '../observe/readiness.ts'
import { recent } from '../observe/recent.ts'
import { defineRoute, type Route } from './route.ts'

const KEEP_MS = 1_000

/** What every service answers beside its own routes, to anybody. */
export function commonRoutes({ registry }: Observer, checks: Checks, logger: Logger): Route<unknown>[] {
  const route = defineRoute<unknown>()
  const readiness = createReadiness(checks, logger)
  const scrape = recent(KEEP_MS, async () => `${await processMetrics().metrics()}\n${await registry.metrics()}`)
  return [
    route({
      summary: 'Whether the process answers.',
      method: 'get',
      path: '/healthz',
      access: 'public',
      answers: { 200: z.strictObject({ status: z.literal('ok') }) },
      handle: () => ({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      summary: 'Whether the service can do its work, and what keeps it from it.',
      method: 'get',
      path: '/readyz',
      access: 'public',
      query: z.strictObject({ exclude: checkNames.optional() }),
      answers: { 200: readinessAnswer, 503: readinessAnswer },
      async handle(_context, { query: { exclude = [] } }) {
        const body = await readiness(exclude)
        if (body.status === 'ready') return { status: 200, body }
        return { status: 503, body, headers: { 'Retry-After': '1' } }
      },
    }),
    route({
      summary: 'Metrics for Prometheus.',
      method: 'get',
      path: '/metrics',
      access: 'public',
      answers: { 200: { 'text/plain': z.string() } },
      handle: async () => ({ status: 200, body: await scrape(), contentType: registry.contentType }),
    }),
  ]
}

const checkAnswer = z.union([
  z.strictObject({ status: z.literal('ok') }),
  z.strictObject({ status: z.literal('failed'), reason: z.string(), detail: z.string() }),
])

const readinessAnswer = z.strictObject({
  status: z.enum(['ready', 'unready']),
  checks: z.partialRecord(z.enum(CHECKS), checkAnswer),
})

/** Checks that shall not count, separated by commas. */
const checkNames = z
  .string()
  .max(64)
  .transform((names) => names.split(','))
  .pipe(z.array(z.enum(CHECKS, { error: `must be of ${CHECKS.join(', ')}, separated by commas` })))
