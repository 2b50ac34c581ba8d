import { DomainError } from '@consulate/core'
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { type AugmentedRequest, ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit'

/** How often one caller may ask one instance of a service in a minute. */
export interface RateLimits {
  /** Everybody at one address whom no token names: on public routes, and refused for want of a token. */
  address: number
  /** Whoever a token names, from wherever it asks. */
  token: number
}

/** Where limits are counted; a caller whose token is right is never kept out by its neighbours. */
export interface RateLimiters {
  address: RequestHandler
  /** Counts a refusal for want of a token. */
  refusal: ErrorRequestHandler
  /** After `response.locals.caller` is known. */
  caller: RequestHandler
}

const MINUTE_MS = 60_000

/** The networks of IPv6 that one subscriber usually gets. */
const IPV6_PREFIX = 56

export function createRateLimiters(limits: RateLimits, windowMs = MINUTE_MS): RateLimiters {
  const options: Partial<Options> = {
    windowMs,
    handler: refuse,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
  }
  const address = rateLimit({
    ...options,
    limit: limits.address,
    keyGenerator: ({ ip }) => ipKeyGenerator(ip ?? '', IPV6_PREFIX),
  })
  return {
    address,
    refusal(error, request, response, next) {
      if (!(error instanceof DomainError) || error.code !== 'unauthenticated') return next(error)
      void address(request, response, (tooMany?: unknown) => next(tooMany ?? error))
    },
    caller: rateLimit({
      ...options,
      limit: limits.token,
      keyGenerator: (_request, response) => response.locals.caller as string,
    }),
  }
}

function refuse(request: Request, response: Response, next: NextFunction): void {
  const { limit, resetTime } = (request as AugmentedRequest).rateLimit!
  const seconds = Math.max(1, Math.ceil((resetTime!.getTime() - Date.now()) / 1000))
  response.set('Retry-After', String(seconds))
  next(new DomainError('too_many_requests', `You may ask ${limit} times a minute; ask again in ${seconds} seconds.`))
}
