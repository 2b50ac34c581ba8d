import { DomainError, parseStrictJson, quote } from '@consulate/core'
import type { GuardedFetch } from '@consulate/sdk'

const ACCEPT = 'application/vc, application/vc+jwt, application/json;q=0.9'

/** A status list credential as somebody else serves it: JSON, or a compact token. Throws `status_unavailable`, `status_list_malformed`. */
export async function fetchStatusList(fetch: GuardedFetch, url: string): Promise<unknown> {
  const body = await fetch(url, ACCEPT).catch((cause: Error) => {
    const message = `The status list ${quote(url)} could not be had; see that it is served, and that this verifier may fetch it.`
    throw new DomainError('status_unavailable', message, { reason: cause.message })
  })
  const text = body.toString('utf8').trim()
  if (!text.startsWith('{')) return text
  try {
    return parseStrictJson(body)
  } catch (cause) {
    throw new DomainError('status_list_malformed', `The status list ${quote(url)} is no JSON that is read here.`, {
      cause,
    })
  }
}
