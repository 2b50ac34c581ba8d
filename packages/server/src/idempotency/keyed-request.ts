import { AsyncLocalStorage } from 'node:async_hooks'

/** A request that is to be done once, however often it comes. */
export interface KeyedRequest {
  /** Within which `key` stands for one request: who asks, for which route. */
  scope: string
  key: string
  /** SHA-256, hex, of what is asked for. */
  fingerprint: string
  /** Seconds since 1970. */
  receivedAt: number
}

interface Current {
  request: KeyedRequest
  taken: boolean
}

const context = new AsyncLocalStorage<Current>()

/** Runs `work` on behalf of this request. */
export function onBehalfOf<T>(request: KeyedRequest, work: () => T): T {
  return context.run({ request, taken: false }, work)
}

/**
 * The request that the caller runs on behalf of, for the one transaction that does it; undefined when it carries no
 * key. A second transaction would be given the outcome of the first.
 */
export function takeKeyedRequest(): KeyedRequest | undefined {
  const current = context.getStore()
  if (!current) return undefined
  if (current.taken) throw new Error('a request is done in one transaction; this is its second')
  current.taken = true
  return current.request
}
