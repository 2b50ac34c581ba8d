import { DomainError } from '../errors.ts'
import type { Head } from '../head/head.ts'
import { checkSuccessor } from '../head/next-head.ts'

/**
 * Decides whether a verified head may become the newest that is known of an issuer: it follows each of these earlier ones,
 * all of them signed by a delegate, and has not expired. `now` in seconds. Throws `head_malformed`, `head_expired`,
 * `status_rollback` or `issuer_equivocated`.
 */
export function acceptHead(head: Head, { earlier, now }: { earlier: readonly Head[]; now: number }): void {
  for (const previous of earlier) checkSuccessor(previous, head)
  if (head.validUntil <= now)
    throw new DomainError('head_expired', `The head expired at ${head.validUntil}; the issuer must publish a new one.`)
}
