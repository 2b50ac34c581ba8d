import { DomainError, type PublishedHead, publishedHeadSchema } from '@consulate/core'
import { fetchJson } from './fetch-json.ts'
import type { StatusLimits } from './status-limits.ts'
import { headUrl } from './status-urls.ts'

/** Fetches what an issuer publishes as its newest head, unverified. Throws `status_unavailable`, `head_malformed`, `status_too_large`. */
export async function fetchHead(
  fetch: typeof globalThis.fetch,
  statusUrl: string,
  expected: { issuer: string; limits: StatusLimits; deadlineMs: number },
): Promise<PublishedHead> {
  const { issuer, limits, deadlineMs } = expected
  const parsed = publishedHeadSchema.safeParse(await fetchJson(fetch, headUrl(statusUrl), deadlineMs))
  if (!parsed.success)
    throw new DomainError('head_malformed', `${issuer} publishes something that is no status head.`, {
      cause: parsed.error,
    })
  const { length } = parsed.data.entries
  if (length > limits.lists)
    throw new DomainError(
      'status_too_large',
      `${issuer} has ${length} status lists; ${limits.lists} are followed here.`,
    )
  return parsed.data
}
