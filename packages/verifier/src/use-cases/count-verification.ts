import { DomainError, type ErrorCode } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Metrics } from '../ports.ts'

/** Denied for want of evidence, not for anything the agent did: an issuer, a chain or a database that cannot be reached. */
const UNDECIDED = new Set<ErrorCode>([
  'status_stale',
  'status_unavailable',
  'head_expired',
  'issuer_keys_unknown',
  'did_unresolvable',
  'chain_unavailable',
  'unavailable',
  'storage_full',
])

/** Counts how a verification ends; one that broke off counts as neither. */
export async function countVerification<T>(
  { metrics }: Pick<Context, 'metrics'>,
  kind: Parameters<Metrics['verified']>[0],
  verify: () => Promise<T> | T,
): Promise<T> {
  try {
    const verified = await verify()
    metrics.verified(kind, 'verified')
    return verified
  } catch (error) {
    if (error instanceof DomainError) metrics.verified(kind, UNDECIDED.has(error.code) ? 'undecided' : 'refused')
    throw error
  }
}
