import { DomainError, parseStrictJson } from '@consulate/core'

/** No head of 256 lists is larger than this, nor a signed list of 131,072 bits. */
const MAX_BYTES = 1_048_576

/** Fetches a document of an issuer: bounded in time and size, without following redirects. Throws `status_unavailable`. */
export async function fetchDocument(
  fetch: typeof globalThis.fetch,
  url: string,
  accept: string,
  deadlineMs: number,
): Promise<Buffer> {
  try {
    const response = await fetch(url, {
      // A cache between us and the issuer knows of no head.
      headers: { Accept: accept, 'Cache-Control': 'no-cache' },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return await readBounded(response)
  } catch (cause) {
    throw new DomainError(
      'status_unavailable',
      `${new URL(url).host} gave no status; try again when it can be reached.`,
      {
        reason: `${url}: ${(cause as Error).message}`,
      },
    )
  }
}

export async function fetchJson(fetch: typeof globalThis.fetch, url: string, deadlineMs: number): Promise<unknown> {
  return parseStrictJson(await fetchDocument(fetch, url, 'application/json', deadlineMs), { maxBytes: MAX_BYTES })
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
