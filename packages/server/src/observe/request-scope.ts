import { AsyncLocalStorage } from 'node:async_hooks'
import type { Trace } from './tracing/tracing.ts'

/** What can be asked, anywhere below, of the request or the round of a job that is being worked on. */
export interface RequestScope {
  requestId: string
  /** Undefined when nobody takes traces. */
  trace?: Trace | undefined
}

const scopes = new AsyncLocalStorage<RequestScope>()

export function runInScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work)
}

export function currentScope(): RequestScope | undefined {
  return scopes.getStore()
}
