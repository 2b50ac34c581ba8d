import { randomUUID } from 'node:crypto'
import { DomainError } from '@consulate/core'
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { onBehalfOf } from '../idempotency/keyed-request.ts'
import { bearerToken } from './bearer-token.ts'
import { readKeyedRequest } from './keyed-request.ts'
import { parseInput } from './parse-input.ts'
import { toProblem, toVerificationProblem } from './problem.ts'
import { readBody } from './read-body.ts'
import type { Answer, Authenticate, NameCaller, Route, RouteInput } from './route.ts'
import { securityHeaders } from './security-headers.ts'

export interface AppOptions<Context> {
  context: Context
  routes: readonly Route<Context>[]
  /** By the name that routes give as their `access`. */
  authenticate: Record<string, Authenticate<unknown>>
  /** Likewise; no two callers have one name. */
  nameCaller: Record<string, NameCaller<never>>
  logger: Logger
}

/** The one shape of our HTTP servers: request id, one log line a request, authenticate, parse, one call, answer. */
export function createApp<Context>(options: AppOptions<Context>): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true)
  app.use(logRequests(options.logger), securityHeaders())
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  for (const route of options.routes) app[route.method](route.path, ...serve(options, route))
  app.use((request: Request) => {
    throw new DomainError('not_found', `There is no ${request.method} ${request.path} here.`)
  })
  app.use(refuse())
  return app
}

function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (_request, response) => {
      const id = randomUUID()
      response.setHeader('X-Request-Id', id)
      return id
    },
    customProps: (_request, response) => (response as Response).locals?.refusal ?? {},
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        path: url.split('?')[0],
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  })
}

function serve<Context>(options: AppOptions<Context>, route: Route<Context>): RequestHandler[] {
  const nameCaller = options.nameCaller[route.access] as NameCaller<unknown> | undefined
  if (route.access !== 'public' && !nameCaller) throw new Error(`no name for a caller of ${route.access}`)
  const authenticate = async (request: Request, response: Response, next: NextFunction) => {
    response.locals.refusals = route.refusals
    if (route.access !== 'public') {
      const check = options.authenticate[route.access]
      if (!check) throw new Error(`no authenticator for ${route.access}`)
      response.locals.principal = await check(bearerToken(request.headers.authorization))
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
    }
    const keyed = readKeyedRequest(route, request, () => nameCaller!(input.principal))
    const handle = () => route.handle(options.context, input as never)
    send(response, await (keyed ? onBehalfOf(keyed, handle) : handle()))
  }
  return route.body ? [authenticate, readBody, answer] : [authenticate, answer]
}

function send(response: Response, { status, body, contentType, headers = {} }: Answer): void {
  response.status(status).set({ 'Cache-Control': 'no-store', ...headers })
  if (body === undefined) response.end()
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
