import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Metrics } from '../ports.ts'

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
    if (error instanceof DomainError) metrics.verified(kind, 'refused')
    throw error
  }
}
