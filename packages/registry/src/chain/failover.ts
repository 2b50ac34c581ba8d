import { createTransport, ExecutionRevertedError, HttpRequestError, RpcRequestError, type Transport } from 'viem'
import type { RpcEndpoint } from './rpc-endpoint.ts'
import type { RpcCall } from './rpc-wire.ts'

export type Failover = Transport<'failover', { endpoints: readonly RpcEndpoint[] }>

/**
 * Asks the first URL that is known to be good, then the next. Unlike viem's `fallback` it remembers: a URL that stalls costs
 * its time limit once, and none is asked anything before it has shown that it is on our chain.
 */
export function failover(endpoints: readonly RpcEndpoint[]): Failover {
  const config = { key: 'failover', name: 'RPC URLs in order', type: 'failover', retryCount: 0 } as const
  return () => createTransport({ ...config, request: (call) => request(endpoints, call) as never }, { endpoints })
}

async function request(endpoints: readonly RpcEndpoint[], call: RpcCall): Promise<unknown> {
  for (const endpoint of endpoints) if (endpoint.isDue()) void endpoint.check()
  const failures: Error[] = []
  for (const endpoint of endpoints.filter(isGood)) {
    const answer = await askOne(endpoint, call, failures)
    if (answer) return answer.result
  }
  for await (const endpoint of asTheyBecomeGood(endpoints.filter((endpoint) => !isGood(endpoint)))) {
    const answer = await askOne(endpoint, call, failures)
    if (answer) return answer.result
  }
  throw failures.find((failure) => failure instanceof RpcRequestError) ?? failures.at(-1) ?? nobody(endpoints, call)
}

async function askOne(
  endpoint: RpcEndpoint,
  call: RpcCall,
  failures: Error[],
): Promise<{ result: unknown } | undefined> {
  try {
    return { result: await endpoint.ask(call) }
  } catch (error) {
    if (isContractsAnswer(error)) throw error
    failures.push(error as Error)
    return undefined
  }
}

/** Nothing may be known of them yet, or their connection has just broken: all are looked at, at the same time. */
async function* asTheyBecomeGood(endpoints: readonly RpcEndpoint[]): AsyncGenerator<RpcEndpoint> {
  const looks = new Map(endpoints.map((endpoint) => [endpoint, becomesGood(endpoint)]))
  while (looks.size > 0) {
    const next = await Promise.any(looks.values()).catch(() => undefined)
    if (!next) return
    looks.delete(next)
    yield next
  }
}

async function becomesGood(endpoint: RpcEndpoint): Promise<RpcEndpoint> {
  if (await endpoint.check()) return endpoint
  throw new Error(endpoint.why)
}

function isGood({ state }: RpcEndpoint): boolean {
  return state === 'good'
}

/** A contract that refuses here refuses everywhere. */
function isContractsAnswer(error: unknown): boolean {
  if (!(error instanceof RpcRequestError)) return false
  return error.code === ExecutionRevertedError.code || ExecutionRevertedError.nodeMessage.test(error.details)
}

function nobody(endpoints: readonly RpcEndpoint[], { method, params }: RpcCall): Error {
  const details = endpoints.map(({ name, why }) => `${name} ${why}`).join('; ')
  return new HttpRequestError({ body: { method, params }, url: 'every RPC URL', details })
}
