import { DomainError, type Head } from '@consulate/core'
import type { Context } from '../context.ts'
import { signStatusList } from './sign-status-list.ts'

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

async function sign(ctx: Pick<Context, 'store' | 'identity'>, id: string, head: Head): Promise<string> {
  const list = await ctx.store.findList(id)
  const version = await ctx.store.listVersion(id, head)
  if (!list || !version) throw new Error(`a head names the list ${id}, which is not stored`)
  return signStatusList(ctx, list, version, head)
}
