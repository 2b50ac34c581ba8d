import { FRESHNESS_BUDGET_MS, type IssuerStatus } from '@consulate/core'
import type { Knowledge, StatusSurvey } from '../ports.ts'

/** Sums up what is known of several issuers; `now` in seconds. */
export function surveyStatuses(
  statuses: readonly (IssuerStatus | undefined)[],
  now: number,
): Omit<StatusSurvey, 'unproven'> {
  const issuers: Record<Knowledge, number> = { fresh: 0, stale: 0, distrusted: 0, unknown: 0 }
  let oldestMs: number | undefined
  for (const status of statuses) {
    issuers[knowledgeOf(status, now)] += 1
    if (status) oldestMs = Math.max(oldestMs ?? 0, status.ageMs)
  }
  return { issuers, oldestMs }
}

function knowledgeOf(status: IssuerStatus | undefined, now: number): Knowledge {
  if (!status) return 'unknown'
  if (status.distrust) return 'distrusted'
  return status.ageMs <= FRESHNESS_BUDGET_MS.high && now < status.head.validUntil ? 'fresh' : 'stale'
}
