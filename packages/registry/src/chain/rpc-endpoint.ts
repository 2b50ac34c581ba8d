import { BaseError, RpcRequestError } from 'viem'
import { type ChainExpectation, findMismatch } from './find-mismatch.ts'
import { type Ask, rpcWire } from './rpc-wire.ts'

/** `silent` gave no usable answer; `foreign` is on another chain, or on one without our contracts. */
export type EndpointState = 'unknown' | 'good' | 'silent' | 'foreign'

/** News of an RPC URL: `endpoint` is its place in the list and its host, for the rest may be an access key. */
export interface EndpointReport {
  endpoint: string
  state: EndpointState
  /** Continues a sentence that begins with the endpoint. */
  why?: string
}

export interface EndpointOptions extends ChainExpectation {
  url: string
  name: string
  /** Milliseconds for one answer. */
  timeout: number
  /** Milliseconds after which a URL is looked at again, whatever is known of it. */
  recheck: number
  report(report: EndpointReport): void
}

export interface RpcEndpoint {
  readonly name: string
  readonly state: EndpointState
  readonly why: string | undefined
  isDue(): boolean
  /** Whether it answers and is on the expected chain; those who ask at the same time share one look. */
  check(): Promise<boolean>
  ask: Ask
}

/** One RPC URL and what is known of it, which changes with what it answers. */
export function createRpcEndpoint(options: EndpointOptions): RpcEndpoint {
  const { url, name, timeout, recheck, report } = options
  const wire = rpcWire(url, timeout)
  let state: EndpointState = 'unknown'
  let why: string | undefined
  let dueAt = 0
  let checking: Promise<boolean> | undefined

  const become = (next: EndpointState, reason?: string) => {
    dueAt = performance.now() + recheck
    const isNews = next !== state && !(state === 'unknown' && next === 'good')
    state = next
    why = reason
    if (isNews) report({ endpoint: name, state, ...(why !== undefined && { why }) })
  }
  const ask: Ask = async (call) => {
    try {
      return await wire(call)
    } catch (error) {
      if (!(error instanceof RpcRequestError)) become('silent', `gives no answer: ${detailsOf(error)}`)
      throw error
    }
  }
  const look = async () => {
    try {
      const mismatch = await findMismatch(ask, options)
      become(mismatch === undefined ? 'good' : 'foreign', mismatch)
    } catch (error) {
      become('silent', `gives no answer: ${detailsOf(error)}`)
    }
    return state === 'good'
  }
  return {
    name,
    get state() {
      return state
    },
    get why() {
      return why
    },
    isDue: () => checking === undefined && performance.now() >= dueAt,
    check() {
      checking ??= look().finally(() => {
        checking = undefined
      })
      return checking
    },
    ask,
  }
}

function detailsOf(error: unknown): string {
  return error instanceof BaseError ? error.details : 'nothing usable'
}
