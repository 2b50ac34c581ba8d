import { buildStatusListCredential, DomainError, formatDateTime } from '@consulate/core'
import type { Context } from '../context.ts'
import type { OpenInstance } from '../instance-ports.ts'
import type { InstanceList } from '../instance-records.ts'
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
  const secured = secureList(instance, list, { validFrom: now, validUntil: now + VALIDITY })
  signed.set(key, { version: list.version, signedAt: now, secured })
  secured.catch(() => signed.delete(key))
  return secured
}

/**
 * The list as it was at that time, in seconds since 1970 (Bitstring Status List §3.2). What was changed since ends with that
 * change. Throws `instance_unknown`, `status_unavailable` for a time that is still to come, `status_list_not_found`.
 */
export async function readPastInstanceList(
  ctx: Pick<Context, 'instances' | 'instanceStore' | 'clock'>,
  name: string,
  id: string,
  time: number,
): Promise<Record<string, unknown>> {
  const instance = instanceOf(ctx, name)
  const now = ctx.clock.now()
  if (time > now)
    throw new DomainError('status_unavailable', `${formatDateTime(time)} is still to come; ask for a time in the past.`)
  const list = await ctx.instanceStore.findList(name, id)
  const then = list && (await ctx.instanceStore.findListVersion(name, id, { time }))
  if (!list || !then)
    throw new DomainError(
      'status_list_not_found',
      `The instance ${name} had no status list ${id} on ${formatDateTime(time)}.`,
    )
  const next = await ctx.instanceStore.findListVersion(name, id, { version: then.version + 1 })
  const period = { validFrom: then.changedAt, validUntil: next?.changedAt ?? now + VALIDITY }
  return secureList(instance, { ...list, encodedList: then.encodedList }, period)
}

/** Signed at the beginning of its period. */
function secureList(
  { issuer, secure }: OpenInstance,
  { url, purpose, encodedList }: Pick<InstanceList, 'url' | 'purpose' | 'encodedList'>,
  { validFrom, validUntil }: { validFrom: number; validUntil: number },
): Promise<Record<string, unknown>> {
  const content = { url, issuer, purpose, encodedList, validFrom, validUntil, ttlMs: LIST_TTL_MS }
  return secure(buildStatusListCredential(content), validFrom)
}
