import { buildStatusListCredential, DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import { instanceOf } from './instance-of.ts'

/** How long a list may be kept by those who fetch it, in milliseconds. */
export const LIST_TTL_MS = 60_000

/** Seconds. A signed list is given out for half of them. */
const VALIDITY = 3_600

/**
 * A status list of an instance, secured as the instance does it; however many ask, it is signed once for each change, and
 * twice an hour. Throws `instance_unknown`, `status_list_not_found`.
 */
export async function readInstanceList(
  ctx: Pick<Context, 'instances' | 'instanceStore' | 'signedInstanceLists' | 'clock'>,
  name: string,
  id: string,
): Promise<Record<string, unknown>> {
  const instance = instanceOf(ctx, name)
  const list = await ctx.instanceStore.findList(name, id)
  if (!list) throw new DomainError('status_list_not_found', `The instance ${name} has no status list ${id}.`)
  const { signedInstanceLists: signed } = ctx
  const key = `${name}/${id}`
  const now = ctx.clock.now()
  const known = signed.get(key)
  if (known?.version === list.version && now < known.signedAt + VALIDITY / 2) return known.secured
  const { url, purpose, encodedList } = list
  const period = { validFrom: now, validUntil: now + VALIDITY, ttlMs: LIST_TTL_MS }
  const content = { url, issuer: instance.issuer, purpose, encodedList, ...period }
  const secured = instance.secure(buildStatusListCredential(content), now)
  signed.set(key, { version: list.version, signedAt: now, secured })
  secured.catch(() => signed.delete(key))
  return secured
}
