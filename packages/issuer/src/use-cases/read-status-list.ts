import { buildStatusListCredential, DomainError, type Head } from '@consulate/core'
import type { Context } from '../context.ts'

/** How long a list may be kept by those who do not follow heads, in milliseconds. */
const TTL_MS = 300_000

/**
 * The signed status list credential of a list, as the newest signed head has it; a compact `vc+jwt`. However many ask, a
 * list is signed once for each head. Throws `status_list_not_found`.
 */
export async function readStatusList(
  ctx: Pick<Context, 'store' | 'identity' | 'newestHead' | 'signedLists'>,
  id: string,
): Promise<string> {
  const { head, entries } = await ctx.newestHead()
  const isKnown = entries.some(({ name }) => name.endsWith(`/status-lists/${id}`))
  if (!isKnown) throw new DomainError('status_list_not_found', `There is no status list ${id} here.`)
  const { signedLists } = ctx
  const { epoch, version } = head
  const known = signedLists.get(id)
  if (known?.epoch === epoch && known.version === version) return known.token
  const token = sign(ctx, id, head)
  signedLists.set(id, { epoch, version, token })
  token.catch(() => signedLists.delete(id))
  return token
}

async function sign({ store, identity }: Pick<Context, 'store' | 'identity'>, id: string, head: Head): Promise<string> {
  const list = await store.findList(id)
  const version = await store.listVersion(id, head)
  if (!list || !version) throw new Error(`a head names the list ${id}, which is not stored`)
  const credential = buildStatusListCredential({
    url: list.url,
    issuer: identity.did,
    purpose: list.purpose,
    encodedList: version.encodedList,
    validFrom: head.issuedAt,
    validUntil: head.validUntil,
    ttlMs: TTL_MS,
  })
  return identity.signCredential(credential)
}
