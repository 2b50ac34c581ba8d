import { setTimeout as sleep } from 'node:timers/promises'
import { issuerClient } from '@consulate/sdk'
import { type PostgresServer, startPostgres } from '../../test/system/postgres.ts'
import { until } from '../../test/system/start-system.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import { recovery } from './recovery.ts'
import type { DrillReport } from './report.ts'
import { defineRole, isServed, isUnavailable, sendLoad } from './send-load.ts'

export interface OutageOptions {
  /** `stopped`: it refuses connections. `paused`: connections stay open, and nothing is answered. */
  database: 'stopped' | 'paused'
  outageMs: number
  workers: number
}

const RECOVERY_MS = 5_000
const STEADY_MS = 2_000

/**
 * Takes an issuer's PostgreSQL away under load and gives it back. In between requests are refused with 503 and
 * Retry-After; a few seconds later all is served; whatever was answered with success at any time is in the database.
 */
export async function drillOutage({ database, outageMs, workers }: OutageOptions): Promise<DrillReport> {
  const postgres = await startPostgres()
  const fleet = await startFleet('SQLite')
  try {
    const databaseUrl = await postgres.createDatabase()
    const { url } = await fleet.start('issuer', { CONSULATE_ISSUER_DATABASE_URL: databaseUrl })
    const token = fleet.adminToken
    await defineRole(url, token)
    const ledger = createLedger()
    const load = sendLoad({ url, token, workers, ledger })
    await sleep(STEADY_MS)
    const goneAt = performance.now()
    const giveBack = await takeAway(postgres, database)
    await sleep(outageMs)
    await giveBack()
    const backAt = performance.now()
    await sleep(RECOVERY_MS + STEADY_MS)
    await load.stop()
    await until(async () => (await issuerClient({ url, token }).statusHead()).anchor.state !== 'pending', 60_000)
    const lost = await auditIssuer(databaseUrl, ledger)
    const during = load.sent.filter(({ endedAt, begunAt }) => endedAt > goneAt && begunAt < backAt)
    const recoveryMs = recovery(load.sent, backAt)
    const strange = load.sent.filter((sent) => !isServed(sent) && !isUnavailable(sent))
    return {
      figures: {
        acknowledged: ledger.acknowledgements,
        unavailable: load.sent.filter(isUnavailable).length,
        slowestMs: Math.round(Math.max(...during.map(({ begunAt, endedAt }) => endedAt - begunAt))),
        recoveryMs,
        lost: lost.length,
      },
      problems: [
        ...lost,
        ...strange.map(({ status, code, broken }) => `a request ended with ${broken ?? `${status} ${code}`}`),
        ...(load.sent.some(isUnavailable) ? [] : ['no request met the outage']),
        ...(recoveryMs <= RECOVERY_MS ? [] : [`requests failed for ${recoveryMs} ms after the database was back`]),
      ],
    }
  } finally {
    await fleet.stop()
    await postgres.remove()
  }
}

async function takeAway(postgres: PostgresServer, how: OutageOptions['database']): Promise<() => Promise<void>> {
  if (how === 'stopped') {
    await postgres.kill()
    return postgres.start
  }
  postgres.pause()
  return async () => postgres.resume()
}
