import { DomainError, formatDateTime } from '@consulate/core'
import type { Context } from '../context.ts'
import { signStatusList } from './sign-status-list.ts'

/**
 * The signed status list credential of a list as it was at that time, in seconds since 1970 (Bitstring Status List §3.2). It
 * ends with the next head, so that it passes for no newer one. Throws `status_unavailable` for a time that is still to come,
 * `status_list_not_found` for one from before the list was there.
 */
export async function readPastStatusList(
  { store, identity, clock }: Pick<Context, 'store' | 'identity' | 'clock'>,
  id: string,
  time: number,
): Promise<string> {
  if (time > clock.now())
    throw new DomainError('status_unavailable', `${formatDateTime(time)} is still to come; ask for a time in the past.`)
  const head = await store.signedHeadAt(time)
  const list = head && (await store.findList(id))
  const version = head && (await store.listVersion(id, head))
  if (!head || !list || !version)
    throw new DomainError('status_list_not_found', `There was no status list ${id} here on ${formatDateTime(time)}.`)
  const next = await store.signedHeadAfter(head.issuedAt)
  const validUntil = Math.min(head.validUntil, next?.issuedAt ?? head.validUntil)
  return signStatusList({ identity }, list, version, { issuedAt: head.issuedAt, validUntil })
}
