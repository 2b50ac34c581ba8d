import { DomainError } from '@consulate/core'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import { type Administrator, requireScope } from '../admin/administrator.ts'
import type { ServiceConfig } from '../config.ts'
import type { Api } from '../describe/describe-api.ts'
import { describedRoutes } from '../describe/described-routes.ts'
import { onBehalfOf } from '../idempotency/keyed-request.ts'
import { logRequests } from '../observe/log-requests.ts'
import { observeRequests } from '../observe/observe-requests.ts'
import type { Observer } from '../observe/observer.ts'
import type { Checks } from '../observe/readiness.ts'
import { bearerToken } from './bearer-token.ts'
import { commonRoutes } from './common-routes.ts'
import { hasAlready } from './has-already.ts'
import { negotiate } from './negotiate.ts'
import { parseInput } from './parse-input.ts'
import { toProblem, toVerificationProblem } from './problem.ts'
import { createRateLimiters, type RateLimiters } from './rate-limits.ts'
import { readBody } from './read-body.ts'
import { readKeyedRequest } from './read-keyed-request.ts'
import type { Answer, Caller, Route, RouteInput } from './route.ts'
import { securityHeaders } from './security-headers.ts'

/** What every context has. */
interface Timed {
  clock: { now(): number }
}

export interface AppOptions<Context> {
  context: Context
  api: Api
  routes: readonly Route<Context>[]
  /** By the name that routes give as their `access`. */
  callers: Record<string, Caller>
  logger: Logger
  observer: Observer
  /** What has to hold for the service to be ready. */
  checks: Checks
  config: Pick<ServiceConfig, 'rateLimits' | 'trustedProxies'>
}

/** The one shape of our HTTP servers: request id, one log line a request, authenticate, parse, one call, answer. */
export function createApp<Context extends Timed>(options: AppOptions<Context>): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true)
  app.set('trust proxy', options.config.trustedProxies)
  const limiters = createRateLimiters(options.config.rateLimits)
  const common = commonRoutes(options.observer, options.checks, options.logger)
  app.use(observeRequests(options.observer, new Set(common.map(({ path }) => path))))
  app.use(logRequests(options.logger), securityHeaders())
  const routes = describedRoutes(options.api, options.callers, [...options.routes, ...common])
  for (const route of routes)
    app[route.method](route.path, ...serve(options, route, common.includes(route) ? undefined : limiters))
  for (const [path, of] of Map.groupBy(routes, ({ path }) => path)) app.all(path, allow(of))
  app.use(limiters.address, refuseUnserved)
  app.use(limiters.refusal, refuse())
  return app
}

/** Notes which methods a path takes; several routes may match it. */
function allow(routes: readonly Pick<Route<never>, 'method'>[]): RequestHandler {
  const methods = routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
  return (_request, response, next) => {
    response.locals.allowed = [...new Set([...((response.locals.allowed as string[]) ?? []), ...methods])]
    next()
  }
}

function refuseUnserved({ method, path }: Request, response: Response): void {
  const allowed = response.locals.allowed as string[] | undefined
  if (!allowed)
    throw new DomainError('not_found', `There is no ${method} ${path} here; see /openapi.json for what there is.`)
  response.set('Allow', allowed.join(', '))
  throw new DomainError('method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}; see /openapi.json.`)
}

/** Monitors ask without limits. */
function serve<Context extends Timed>(
  options: AppOptions<Context>,
  route: Route<Context>,
  limiters: RateLimiters | undefined,
): RequestHandler[] {
  const { access, recognizes } = route
  const { scope } = recognizes ?? route
  if ((access === 'admin') !== (route.scope !== undefined))
    throw new Error(`${route.method} ${route.path} needs a scope for an admin, and for nobody else`)
  const caller = options.callers[recognizes?.access ?? access]
  if ((access !== 'public' || recognizes) && !caller)
    throw new Error(`${route.method} ${route.path} is for ${recognizes?.access ?? access}, whom nobody knows`)
  const authenticate = async (request: Request, response: Response, next: NextFunction) => {
    response.locals.refusals = route.refusals
    if (recognizes && request.headers.authorization === undefined) return next()
    if (caller) {
      const principal = await identify(caller, request.headers.authorization)
      Object.assign(response.locals, { principal, caller: `${access} ${caller.name(principal as never)}` })
    }
    if (scope !== undefined) {
      const administrator = response.locals.principal as Administrator
      response.locals.by = administrator.actor
      requireScope(administrator, scope)
    }
    next()
  }
  const answer = async (request: Request, response: Response) => {
    const input: RouteInput<unknown, unknown, unknown, unknown> = {
      params: parseInput('path', route.params, request.params),
      query: parseInput('query', route.query, request.query),
      body: parseInput('body', route.body, request.body),
      principal: response.locals.principal,
      headers: request.headers,
      negotiate: negotiate(request, response),
    }
    const keyed = readKeyedRequest(route, request, () => caller!.name(input.principal as never), options.context.clock)
    const handle = () => route.handle(options.context, input as never)
    send(request, response, await (keyed ? onBehalfOf(keyed, handle) : handle()))
  }
  const limit = limiters && (caller && !recognizes ? limiters.caller : limiters.address)
  return [authenticate, ...(limit ? [limit] : []), ...(route.body ? [readBody] : []), answer]
}

/** Whose token it is. Every other one is refused in the same words, so that they tell of none whether it is somebody's. */
async function identify({ authenticate, description }: Caller, authorization: string | undefined): Promise<unknown> {
  try {
    return await authenticate(bearerToken(authorization))
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'unauthenticated')) throw error
    const message = `This is for ${description}: send a valid token of one as Authorization: Bearer <token>.`
    const { reason, cause } = error
    throw new DomainError('unauthenticated', message, { cause, ...(reason !== undefined && { reason }) })
  }
}

function send(request: Request, response: Response, { status, body, contentType, headers = {}, stream }: Answer): void {
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers })
  if (stream) {
    response.type('text/event-stream').flushHeaders()
    stream(response)
  } else if (headers.ETag !== undefined && hasAlready(request.headers['if-none-match'], headers.ETag))
    response.status(304).end()
  else if (body === undefined) response.end()
  else if (contentType !== undefined) response.type(contentType).send(body)
  else response.json(body)
}

function refuse() {
  return (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    const problem = toProblem(asDomainError(error))
    response.locals.refusal = { code: problem.code, refusal: error }
    const { status, body } =
      response.locals.refusals === 'verification'
        ? toVerificationProblem(problem)
        : { status: problem.status, body: problem }
    if (status === 401) response.set('WWW-Authenticate', 'Bearer')
    if (status === 503) response.set('Retry-After', '1')
    response.status(status).type('application/problem+json').send(JSON.stringify(body))
  }
}

/** Express itself throws for a path that cannot be decoded. */
function asDomainError(error: unknown): unknown {
  if (error instanceof URIError || (error as { status?: number }).status === 400)
    return new DomainError('invalid_request', 'The path cannot be decoded; URL-encode each part of it.', {
      cause: error,
    })
  return error
}
