import type { Sensitivity } from '../credential/sensitivity.ts'

/** How old evidence may be, in milliseconds. A head's own `validUntil` holds besides. */
export interface Freshness {
  /** Since the newest head was last known to be the newest, by the sensitivity of the role. */
  budgetMs: Record<Sensitivity, number>
  /** For roles of high sensitivity: the age of the oldest head that the chain does not have yet. */
  highAnchorLagMs: number
  /** For roles of high sensitivity: since the chain was last read. */
  highChainAgeMs: number
}

export const FRESHNESS: Freshness = {
  budgetMs: { high: 5_000, medium: 60_000, low: 86_400_000 },
  highAnchorLagMs: 900_000,
  highChainAgeMs: 900_000,
}
