import { createHash } from 'node:crypto'
import { DomainError } from '@consulate/core'
import canonicalize from 'canonicalize'
import type { Request } from 'express'
import { z } from 'zod'
import type { KeyedRequest } from '../idempotency/keyed-request.ts'
import type { Route } from './route.ts'

export const IDEMPOTENCY_KEY = z.string().regex(/^[\x21-\x7e]{1,255}$/)

/** Whether an `Idempotency-Key` means something to a route: it can change something, and knows its callers. */
export function takesKey({ method, access }: Pick<Route<never>, 'method' | 'access'>): boolean {
  return method !== 'get' && access !== 'public'
}

/**
 * What the `Idempotency-Key` of a request stands for; undefined without one, and where nothing can change. Keys of two
 * callers, or for two routes, have nothing to do with each other.
 */
export function readKeyedRequest(
  route: Pick<Route<never>, 'method' | 'path' | 'access'>,
  request: Pick<Request, 'headers' | 'params' | 'query' | 'body'>,
  nameCaller: () => string,
  clock: { now(): number },
): KeyedRequest | undefined {
  const given = request.headers['idempotency-key']
  if (given === undefined || !takesKey(route)) return undefined
  const { success, data: key } = IDEMPOTENCY_KEY.safeParse(given)
  if (!success) throw malformed()
  const { method, path, access } = route
  const { params, query, body = null } = request
  return {
    scope: JSON.stringify([access, nameCaller(), method, path]),
    key,
    fingerprint: createHash('sha256').update(canonicalize({ method, path, params, query, body })!).digest('hex'),
    receivedAt: clock.now(),
  }
}

function malformed(): DomainError {
  return new DomainError(
    'invalid_request',
    'An Idempotency-Key has 1 to 255 visible ASCII characters; a random UUID is a good one.',
  )
}
