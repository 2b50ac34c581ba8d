import { DomainError, type Head, signedHeadSchema } from '@consulate/core'
import { z } from 'zod'
import { fetchJson } from './fetch-json.ts'
import type { SignedHead } from './issuer-memory.ts'
import { headsUrl } from './status-urls.ts'

const pageSchema = z.object({ items: z.array(signedHeadSchema).max(1_000) })

/** Fetches the heads that an issuer says follow this one, as many as it gives at once; nothing of them is verified. */
export async function fetchHeads(
  fetch: typeof globalThis.fetch,
  statusUrl: string,
  after: Head,
  { issuer, deadlineMs }: { issuer: string; deadlineMs: number },
): Promise<SignedHead[]> {
  const parsed = pageSchema.safeParse(await fetchJson(fetch, headsUrl(statusUrl, after), deadlineMs))
  if (parsed.success) return parsed.data.items
  throw new DomainError('head_malformed', `${issuer} shows something that is no status head.`, { cause: parsed.error })
}
