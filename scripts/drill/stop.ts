import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '@consulate/server'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { until } from '../../test/system/start-system.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import type { DrillReport } from './report.ts'
import { defineRole, isServed, type Sent, sendLoad } from './send-load.ts'

export interface StopOptions {
  database: DatabaseKind
  stops: number
  workers: number
  /** At the longest, between the first answers and the SIGTERM. */
  lifeMs: number
}

const STOP_MS = 10_000

/**
 * Stops an issuer with SIGTERM at random moments under load, and starts it again. Each request that it accepted is
 * answered in full; later ones find nobody who listens; the process is gone in time, and nothing is lost.
 */
export async function drillStop({ database, stops, workers, lifeMs }: StopOptions): Promise<DrillReport> {
  const fleet = await startFleet(database)
  try {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const token = fleet.adminToken
    const ledger = createLedger()
    const sent: Sent[] = []
    const problems: string[] = []
    let slowestStopMs = 0
    for (let stop = 0; stop < stops; stop++) {
      const issuer = await fleet.start('issuer', { CONSULATE_ISSUER_PORT: String(port) })
      if (stop === 0) await defineRole(url, token)
      const load = sendLoad({ url, token, workers, ledger })
      await until(async () => load.sent.length >= workers)
      await sleep(randomInt(lifeMs))
      const begun = performance.now()
      const code = await issuer.end('SIGTERM')
      slowestStopMs = Math.max(slowestStopMs, Math.round(performance.now() - begun))
      if (code !== 0) problems.push(`a stopped issuer ended with ${code}`)
      await load.stop()
      sent.push(...load.sent)
    }
    const lost = await auditIssuer(fleet.env.CONSULATE_ISSUER_DATABASE_URL!, ledger, 'unsigned')
    const cut = sent.filter((one) => !isServed(one) && one.broken !== 'ECONNREFUSED')
    return {
      figures: {
        stops,
        answered: sent.filter(isServed).length,
        acknowledged: ledger.acknowledgements,
        cut: cut.length,
        slowestStopMs,
        lost: lost.length,
      },
      problems: [
        ...problems,
        ...lost,
        ...cut.map(({ status, code, broken }) => `a request ended with ${broken ?? `${status} ${code}`}`),
        ...(slowestStopMs <= STOP_MS ? [] : [`a stop took ${slowestStopMs} ms`]),
      ],
    }
  } finally {
    await fleet.stop()
  }
}

async function freePort(): Promise<number> {
  const { port, close } = await listen('127.0.0.1', 0)
  await close()
  return port
}
