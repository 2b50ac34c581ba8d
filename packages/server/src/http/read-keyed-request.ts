import { createHash } from 'node:crypto'
import { DomainError } from '@consulate/core'
import canonicalize from 'canonicalize'
import type { Request } from 'express'
import type { KeyedRequest } from '../idempotency/keyed-request.ts'
import type { Route } from './route.ts'

/**
 * What the `Idempotency-Key` of a request stands for; undefined without one, and where nothing can change. Keys of two
 * callers, or for two routes, have nothing to do with each other.
 */
export function readKeyedRequest(
  { method, path, access }: Pick<Route<never>, 'method' | 'path' | 'access'>,
  request: Pick<Request, 'headers' | 'params' | 'query' | 'body'>,
  nameCaller: () => string,
  clock: { now(): number },
): KeyedRequest | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined || method === 'get' || access === 'public') return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw malformed()
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
