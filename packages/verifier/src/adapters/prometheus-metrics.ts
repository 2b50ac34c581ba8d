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
  consulate_pushing_issuers: { help: 'Trusted issuers that push their status.' },
  consulate_status_anchor_lag_seconds: {
    help: 'How long the oldest head of a trusted issuer has waited for the chain; 0 when the chain has all.',
  },
  consulate_chain_age_seconds: {
    help: 'Time since the chain of the trusted issuer whose chain was read longest ago was read.',
  },
} as const

/** What the verifier counts, and how fresh its evidence is, for Prometheus. Whom it trusts is not said. */
export function createMetrics({ registry }: Observer, follower: Pick<StatusFollower, 'survey'>): Metrics {
  registerReadings(registry, READINGS, async () => {
    const { issuers, oldestMs, unproven, pushing, anchorLagMs, chainAgeMs } = follower.survey()
    return {
      consulate_trusted_issuers: issuers,
      consulate_unproven_claims: unproven,
      consulate_status_evidence_age_seconds: inSeconds(oldestMs),
      consulate_pushing_issuers: pushing,
      consulate_status_anchor_lag_seconds: inSeconds(anchorLagMs),
      consulate_chain_age_seconds: inSeconds(chainAgeMs),
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

function inSeconds(milliseconds = Number.NaN): number {
  return milliseconds / 1000
}
