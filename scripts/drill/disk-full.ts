import { setTimeout as sleep } from 'node:timers/promises'
import { issuerClient } from '@consulate/sdk'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { type PostgresServer, startPostgres } from '../../test/system/postgres.ts'
import { mountSmallDisk, type SmallDisk } from '../../test/system/small-disk.ts'
import { until } from '../../test/system/start-system.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import { recovery } from './recovery.ts'
import type { DrillReport } from './report.ts'
import { defineRole, isServed, type Sent, sendLoad } from './send-load.ts'

export interface DiskFullOptions {
  database: DatabaseKind
  /** How often the disk is filled and freed. */
  fills: number
  /** For how long it stays full. */
  fullMs: number
  workers: number
}

const MEGABYTES = { SQLite: 16, PostgreSQL: 48 }
const RECOVERY_MS = 5_000
const STEADY_MS = 500

/**
 * Fills the disk of an issuer's database under load, and frees it. While it is full changes are refused with 507 and reads
 * go on; afterwards changes are made again, by the same process; whatever was answered with success is there.
 */
export async function drillDiskFull({ database, fills, fullMs, workers }: DiskFullOptions): Promise<DrillReport> {
  const disk = mountSmallDisk(MEGABYTES[database])
  if (!disk) throw new Error('A disk that can be filled is mounted for this drill, which only root may do.')
  const postgres = database === 'PostgreSQL' ? await startPostgres() : undefined
  const fleet = await startFleet('SQLite')
  try {
    const databaseUrl = await createDatabaseOn(disk, postgres)
    const { url } = await fleet.start('issuer', { CONSULATE_ISSUER_DATABASE_URL: databaseUrl })
    const token = fleet.adminToken
    await defineRole(url, token)
    const ledger = createLedger()
    const load = sendLoad({ url, token, workers, ledger })
    const reads: Sent[] = []
    let recoveryMs = 0
    for (let fill = 0; fill < fills; fill++) {
      await sleep(STEADY_MS)
      const fullFrom = performance.now()
      disk.fill()
      await until(async () => load.sent.some((sent) => sent.endedAt > fullFrom && isFull(sent)), 60_000)
      reads.push(...(await readWhile(url, token, fullMs)))
      disk.free()
      const freedAt = performance.now()
      await until(async () => load.sent.some((sent) => sent.begunAt > freedAt && sent.status === 201), 60_000)
      await sleep(STEADY_MS)
      recoveryMs = Math.max(recoveryMs, recovery(load.sent, freedAt))
    }
    await load.stop()
    await until(async () => (await issuerClient({ url, token }).statusHead()).anchor.state !== 'pending', 60_000)
    const lost = await auditIssuer(databaseUrl, ledger)
    const failedReads = reads.filter(({ status }) => status !== 200)
    const strange = load.sent.filter((sent) => !isServed(sent) && !isFull(sent))
    return {
      figures: {
        acknowledged: ledger.acknowledgements,
        full: load.sent.filter(isFull).length,
        reads: reads.length,
        failedReads: failedReads.length,
        recoveryMs,
        lost: lost.length,
      },
      problems: [
        ...lost,
        ...failedReads.map(({ status, broken }) => `a read ended with ${broken ?? status} while the disk was full`),
        ...strange.map(({ status, code, broken }) => `a change ended with ${broken ?? `${status} ${code}`}`),
        ...(recoveryMs <= RECOVERY_MS ? [] : [`changes failed for ${recoveryMs} ms after there was room again`]),
      ],
    }
  } finally {
    await fleet.stop()
    await postgres?.remove()
    disk.remove()
  }
}

async function createDatabaseOn(disk: SmallDisk, postgres: PostgresServer | undefined): Promise<string> {
  return postgres ? postgres.createDatabase(disk.folder) : `sqlite:${disk.folder}/issuer.sqlite`
}

function isFull({ status, code }: Sent): boolean {
  return status === 507 && code === 'storage_full'
}

/** Reads of each kind, one after another. */
async function readWhile(url: string, token: string, milliseconds: number): Promise<Sent[]> {
  const paths = ['/roles', '/agents?limit=5', '/status/head', '/readyz']
  const reads: Sent[] = []
  const end = performance.now() + milliseconds
  while (performance.now() < end)
    for (const path of paths) {
      const begunAt = performance.now()
      const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } })
      await response.text()
      reads.push({ begunAt, endedAt: performance.now(), status: response.status })
    }
  return reads
}
