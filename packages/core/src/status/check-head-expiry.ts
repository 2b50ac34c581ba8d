import { DomainError } from '../errors.ts'
import type { Head } from '../head/head.ts'

/** `now` in seconds. Throws `head_expired`. */
export function checkHeadExpiry({ validUntil }: Pick<Head, 'validUntil'>, now: number): void {
  if (validUntil <= now)
    throw new DomainError(
      'head_expired',
      `The issuer's newest status head expired at ${validUntil}; it has published nothing since.`,
    )
}
