import { HttpRequestError, RpcRequestError, TimeoutError } from 'viem'
import { getHttpRpcClient } from 'viem/utils'
import { redactorOf } from './redactor-of.ts'

export interface RpcCall {
  method: string
  params?: unknown
}

export type Ask = (call: RpcCall) => Promise<unknown>

/**
 * One JSON-RPC call to one URL, bounded in time (milliseconds) and size. Throws viem's errors, `RpcRequestError` for what the
 * node answered and `HttpRequestError` for the rest, with the host in place of the URL: the rest may be an access key.
 */
export function rpcWire(url: string, timeout: number): Ask {
  const rpc = getHttpRpcClient(url, { timeout, fetchOptions: { redirect: 'error' } })
  const redact = redactorOf(url)
  const { host } = new URL(url)
  return async ({ method, params }) => {
    const body = { method, params }
    const answer: unknown = await rpc.request({ body }).catch((error) => {
      throw withoutUrl(error, { body, url: host }, redact)
    })
    const { result, error } = (answer ?? {}) as { result?: unknown; error?: { code: number; message: string } }
    if (error) throw new RpcRequestError({ body, url: host, error: { ...error, message: redact(`${error.message}`) } })
    if (result === undefined) throw new HttpRequestError({ body, url: host, details: 'it speaks no JSON-RPC' })
    return result
  }
}

type About = { body: { method: string; params: unknown }; url: string }

/** With these a provider turns the caller away, whatever was asked. */
const TURNED_AWAY = [401, 403, 429]

function withoutUrl(error: unknown, about: About, redact: (text: string) => string): Error {
  if (error instanceof RpcRequestError && !TURNED_AWAY.includes(error.status ?? 200)) {
    const { code, data, details } = error
    return new RpcRequestError({ ...about, error: { code, data, message: redact(details) } })
  }
  const { status } = error as { status?: number }
  if (status !== undefined) return new HttpRequestError({ ...about, status, details: `it answered ${status}` })
  if (error instanceof TimeoutError) return new HttpRequestError({ ...about, details: 'it did not answer in time' })
  return new HttpRequestError({ ...about, details: redact(reasonOf(error)) })
}

/** `fetch` hides why under what failed. */
function reasonOf(error: unknown): string {
  const { cause, details, message } = error as { cause?: unknown; details?: string; message?: string }
  return cause ? reasonOf(cause) : details || message || 'it gave no usable answer'
}
