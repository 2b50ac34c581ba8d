import type { Observer } from '@consulate/server'
import { Counter } from 'prom-client'
import type { Metrics } from '../ports.ts'

/** What the issuer counts, for Prometheus. */
export function createMetrics({ registry }: Observer): Metrics {
  const registers = [registry]
  const issued = new Counter({
    name: 'consulate_credentials_issued_total',
    help: 'Credentials that were committed and signed.',
    registers,
  })
  const revoked = new Counter({
    name: 'consulate_credentials_revoked_total',
    help: 'Credentials that were revoked, one by one, by role or by a kill.',
    registers,
  })
  const gas = new Counter({
    name: 'consulate_relayer_gas_used_total',
    help: "Gas that the relayer's mined transactions used, by what they carried.",
    labelNames: ['kind'],
    registers,
  })
  return {
    issued: () => issued.inc(),
    revoked: (count) => revoked.inc(count),
    paid: (kind, gasUsed) => gas.inc({ kind }, gasUsed),
  }
}
