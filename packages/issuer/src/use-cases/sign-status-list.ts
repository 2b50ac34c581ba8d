import { buildStatusListCredential, type Head } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ListVersion, StatusList } from '../records.ts'

/** How long a list may be kept by those who do not follow heads, in milliseconds. */
export const TTL_MS = 300_000

/** A version of a list as a signed credential, a compact `vc+jwt`. */
export function signStatusList(
  { identity }: Pick<Context, 'identity'>,
  { url, purpose }: StatusList,
  { encodedList }: ListVersion,
  { issuedAt, validUntil }: Pick<Head, 'issuedAt' | 'validUntil'>,
): Promise<string> {
  const issuer = identity.did
  const period = { validFrom: issuedAt, validUntil, ttlMs: TTL_MS }
  return identity.signCredential(buildStatusListCredential({ url, issuer, purpose, encodedList, ...period }))
}
