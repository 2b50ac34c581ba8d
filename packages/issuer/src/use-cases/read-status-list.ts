import { buildStatusListCredential, DomainError, decodeBitstring } from '@consulate/core'
import type { Context } from '../context.ts'

/** How long a list may be kept by those who do not follow heads, in milliseconds. */
const TTL_MS = 300_000

/**
 * The signed status list credential of a list, as the newest signed head has it; a compact `vc+jwt`.
 * Throws `status_list_not_found`.
 */
export async function readStatusList(
  { store, identity }: Pick<Context, 'store' | 'identity'>,
  id: string,
): Promise<string> {
  const head = await store.lastSignedHead()
  const list = await store.findList(id)
  const version = head && list && (await store.listVersion(id, head))
  if (!version) throw new DomainError('status_list_not_found', `There is no status list ${id} here.`)
  const credential = buildStatusListCredential({
    url: list.url,
    issuer: identity.did,
    purpose: list.purpose,
    bits: decodeBitstring(version.encodedList),
    validFrom: head.issuedAt,
    validUntil: head.validUntil,
    ttlMs: TTL_MS,
  })
  return identity.signCredential(credential)
}
