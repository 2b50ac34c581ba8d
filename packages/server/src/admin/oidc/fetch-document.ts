import { DomainError, parseStrictJson } from '@consulate/core'

export interface FetchOptions {
  fetch?: typeof globalThis.fetch
  deadlineMs?: number
  /** After a failure nothing is asked for this long, whoever calls. */
  pauseMs?: number
}

const MAX_BYTES = 262_144

/**
 * Fetches JSON of the OIDC issuer, bounded in time and size, without redirects, and reads it; `read` throws when it is not
 * what it should be. Throws `oidc_unavailable`.
 */
export type FetchDocument = <Document>(url: string, read: (json: unknown) => Document) => Promise<Document>

export function createFetchDocument({
  fetch = globalThis.fetch,
  deadlineMs = 5_000,
  pauseMs = 5_000,
}: FetchOptions): FetchDocument {
  let pausedUntil = Number.NEGATIVE_INFINITY
  return async (url, read) => {
    if (performance.now() < pausedUntil) throw unavailable(url, 'it has just failed')
    try {
      const response = await fetch(url, {
        headers: { Accept: 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      })
      if (response.status !== 200) throw new Error(`it answered ${response.status}`)
      return read(parseStrictJson(await readBounded(response), { maxBytes: MAX_BYTES }))
    } catch (cause) {
      pausedUntil = performance.now() + pauseMs
      throw unavailable(url, (cause as Error).message)
    }
  }
}

function unavailable(url: string, reason: string): DomainError {
  return new DomainError(
    'oidc_unavailable',
    `${new URL(url).host} cannot vouch for anybody right now; try again in a few seconds, or use an API key.`,
    { reason: `${url}: ${reason}` },
  )
}

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error(`it sent more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
