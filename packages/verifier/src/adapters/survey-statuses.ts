import type { Freshness, IssuerStatus } from '@consulate/core'
import type { Knowledge, StatusSurvey } from '../ports.ts'

/** Sums up what is known of several issuers; `now` in seconds. */
export function surveyStatuses(
  statuses: readonly (IssuerStatus | undefined)[],
  now: number,
  freshness: Freshness,
): Omit<StatusSurvey, 'unproven' | 'pushing'> {
  const issuers: Record<Knowledge, number> = { fresh: 0, stale: 0, distrusted: 0, unknown: 0 }
  for (const status of statuses) issuers[knowledgeOf(status, now, freshness)] += 1
  const known = statuses.filter((status) => status !== undefined)
  return {
    issuers,
    oldestMs: greatest(known.map(({ ageMs }) => ageMs)),
    anchorLagMs: greatest(known.map(({ anchorLagMs }) => anchorLagMs)),
    chainAgeMs: greatest(known.map(({ chainAgeMs }) => chainAgeMs)),
  }
}

function greatest(values: number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values)
}

function knowledgeOf(status: IssuerStatus | undefined, now: number, freshness: Freshness): Knowledge {
  if (!status) return 'unknown'
  if (status.distrust) return 'distrusted'
  const { ageMs, anchorLagMs, chainAgeMs } = status
  const isFresh =
    ageMs <= freshness.budgetMs.high &&
    anchorLagMs <= freshness.highAnchorLagMs &&
    chainAgeMs <= freshness.highChainAgeMs
  return isFresh && now < status.head.validUntil ? 'fresh' : 'stale'
}
