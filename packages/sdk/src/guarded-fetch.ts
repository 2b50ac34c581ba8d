import type { IncomingMessage } from 'node:http'

/** The body of a document that somebody else named, when it answers with 200. */
export type GuardedFetch = (url: string, accept: string) => Promise<Buffer>

export interface GuardedFetchOptions {
  /** Hosts (`name` or `name:port`) that may be private and may speak plain HTTP. */
  allow?: readonly string[]
  /** For the whole answer, in milliseconds. */
  deadlineMs?: number
  maxBytes?: number
}

/**
 * Fetches from addresses that strangers choose: https and unicast public addresses only, looked up once and connected to as they
 * were checked, no redirects, bounded in time and size. Throws why not; the text is for the log.
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { allow = [], deadlineMs = 10_000, maxBytes = 1_048_576 } = options
  const allowed = new Set(allow.map((host) => host.toLowerCase()))
  return async (address, accept) => {
    const url = new URL(address)
    const isAllowed = allowed.has(url.hostname) || allowed.has(url.host)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isAllowed))
      throw new Error(`${url.protocol} is refused`)
    if (url.username || url.password) throw new Error('user info is refused')
    const [{ useAgent }, { request }] = await Promise.all([
      import('request-filtering-agent'),
      url.protocol === 'https:' ? import('node:https') : import('node:http'),
    ])
    const agent = useAgent(url.href, { allowPrivateIPAddress: isAllowed })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const signal = AbortSignal.timeout(deadlineMs)
      request(url, { agent, signal, headers: { Accept: accept } }, resolve)
        .on('error', reject)
        .end()
    })
    return readBody(response, maxBytes)
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`)
    for await (const chunk of response) {
      size += chunk.length
      if (size > maxBytes) throw new Error(`it sent more than ${maxBytes} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    response.destroy()
  }
}
