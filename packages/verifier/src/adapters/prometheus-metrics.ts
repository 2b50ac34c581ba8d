import { type Observer, registerReadings } from '@consulate/server'
import { Counter } from 'prom-client'
import type { Metrics, StatusFollower } from '../ports.ts'

const READINGS = {
  consulate_trusted_issuers: { help: 'Trusted issuers by what is known of their status.', label: 'state' },
  consulate_unproven_claims: {
    help: 'Trusted issuers of whom an RPC says more than signatures prove; it is not believed.',
  },
  consulate_status_evidence_age_seconds: {
    help: 'Time since the status of the trusted issuer that was confirmed longest ago was confirmed.',
  },
} as const

/** What the verifier counts, and how fresh its evidence is, for Prometheus. Whom it trusts is not said. */
export function createMetrics({ registry }: Observer, follower: Pick<StatusFollower, 'survey'>): Metrics {
  registerReadings(registry, READINGS, async () => {
    const { issuers, oldestMs, unproven } = follower.survey()
    return {
      consulate_trusted_issuers: issuers,
      consulate_unproven_claims: unproven,
      consulate_status_evidence_age_seconds: oldestMs === undefined ? Number.NaN : oldestMs / 1000,
    }
  })
  const verifications = new Counter({
    name: 'consulate_verifications_total',
    help: 'Presentations and credentials that were verified, refused, or denied because evidence could not be had.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  return { verified: (kind, outcome) => verifications.inc({ kind, outcome }) }
}
