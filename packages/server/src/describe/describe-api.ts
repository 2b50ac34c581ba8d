import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi'
import type { RouteScope } from '../admin/scope.ts'
import { ERROR_CODES } from '../http/problem.ts'
import { IDEMPOTENCY_KEY, takesKey } from '../http/read-keyed-request.ts'
import type { Caller, Route } from '../http/route.ts'

export type ApiDocument = ReturnType<typeof createDocument>

/** What a document says of the service as a whole. */
export interface Api {
  /** Such as `Consulate issuer`. */
  title: string
  version: string
}

/** By the name that routes give as their `access`. */
export type Callers = Record<string, Pick<Caller, 'description'>>

const code = z
  .enum(ERROR_CODES as [string, ...string[]])
  .meta({ id: 'ErrorCode', description: 'Stable; branch on it.' })

const problem = z
  .strictObject({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code })
  .meta({ id: 'Problem', description: 'RFC 9457. `detail` says what to do.' })

const refusal = z
  .strictObject({
    verified: z.literal(false),
    problemDetails: z.array(z.strictObject({ type: z.string(), title: z.string(), detail: z.string(), code })),
  })
  .meta({ id: 'Refusal', description: 'VCALM: why something was not verified.' })

const requestId = z.string().meta({ description: 'The id of the request, as the caller sent it, or a new one.' })

const retryAfter = z.string().regex(/^\d+$/).meta({ description: 'Seconds after which to ask again.' })

const idempotencyKey = z.strictObject({
  'Idempotency-Key': IDEMPOTENCY_KEY.optional().meta({
    description:
      'The same key with the same request does it once and gives the same answer, one-time secrets left out.',
  }),
})

const ANSWERED = z.strictObject({ 'X-Request-Id': requestId })

/** What breaks off before it is read, or comes before the service has started, is refused without an id. */
const REFUSED = z.strictObject({ 'X-Request-Id': requestId.optional() })

/** An OpenAPI 3.1 document of these routes, made of the schemas that parse their requests. */
export function describeApi(api: Api, callers: Callers, routes: readonly Route<never>[]): ApiDocument {
  const paths = [...Map.groupBy(routes, ({ path }) => path)].map(([path, of]) => [
    pathTemplate(path),
    Object.fromEntries(of.map((route) => [route.method, describeRoute(route)])),
  ])
  const securitySchemes = Object.entries(callers).map(([name, { description }]) => [
    name,
    { type: 'http' as const, scheme: 'bearer', description },
  ])
  return createDocument({
    openapi: '3.1.1',
    info: { title: api.title, version: api.version },
    paths: Object.fromEntries(paths),
    components: { securitySchemes: Object.fromEntries(securitySchemes) },
  })
}

/** `/agents/:did` as OpenAPI writes it: `/agents/{did}`. */
function pathTemplate(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}')
}

function describeRoute(route: Route<never>): ZodOpenApiOperationObject {
  const { summary, access, scope, recognizes, params, query, body } = route
  return {
    summary,
    ...(scope && { description: describeScope(scope) }),
    ...(access !== 'public' && { security: [{ [access]: [] }] }),
    ...(recognizes && { security: [{}, { [recognizes.access]: [] }] }),
    requestParams: {
      ...(params && { path: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(takesKey(route) && { header: idempotencyKey }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: merge(describeProblems(route), describeAnswers(route)),
  }
}

/** A status may stand for a problem and for an answer of the route's own. */
function merge(problems: ZodOpenApiResponsesObject, answers: ZodOpenApiResponsesObject): ZodOpenApiResponsesObject {
  const merged: Record<string, { description: string; headers: z.ZodObject; content?: object }> = {
    ...(problems as object),
  }
  for (const [status, answer] of Object.entries(answers as typeof merged)) {
    const content = { ...merged[status]?.content, ...answer.content }
    const { headers } = merged[status] ?? answer
    merged[status] = { ...answer, headers, ...(Object.keys(content).length > 0 && { content }) }
  }
  return merged as ZodOpenApiResponsesObject
}

function describeScope(scope: RouteScope): string {
  return scope === 'administrators'
    ? 'For the bootstrap token alone.'
    : `For administrators with the scope \`${scope}\`.`
}

function describeAnswers({ answers }: Route<never>): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      if (answer === null) return [status, { description: 'Done; there is nothing to say.', headers: ANSWERED }]
      const byType = answer instanceof z.ZodType ? { 'application/json': answer } : answer
      const content = Object.entries(byType).map(([type, schema]) => [type, { schema }])
      return [status, { description: 'Done.', headers: ANSWERED, content: Object.fromEntries(content) }]
    }),
  )
}

function describeProblems({ access, recognizes, refusals }: Route<never>): ZodOpenApiResponsesObject {
  const of = (schema: z.ZodType, description: string, headers: z.ZodObject = REFUSED) => ({
    description,
    headers,
    content: { 'application/problem+json': { schema } },
  })
  const verification = refusals === 'verification'
  return {
    400: of(verification ? refusal : problem, 'Refused, or not understood.'),
    ...((access !== 'public' || recognizes) && {
      401: of(problem, 'The token is missing or not valid here.', ANSWERED),
    }),
    429: of(problem, 'Too many requests of one caller.', ANSWERED.extend({ 'Retry-After': retryAfter })),
    503: of(problem, 'Not now; ask again.', REFUSED.extend({ 'Retry-After': retryAfter })),
    default: of(problem, 'Refused; `code` says why.'),
  }
}
