import { strict as assert } from 'node:assert'
import { issuerClient } from '@consulate/sdk'
import autocannon from 'autocannon'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { removePostgres } from '../../test/system/postgres.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { openStockIssuer } from './issue/stock-veramo.ts'
import { median } from './measure.ts'
import type { Report } from './report.ts'
import { createParty } from './verify/party.ts'

const CLIENTS = 16
const SECONDS = 4
const AGENTS = 1_000
const ROLE = 'payments.approver'

const LEGEND = [
  `ours   POST /agents/:did/roles over HTTP, ${CLIENTS} clients, ${AGENTS.toLocaleString('en')} agents; the issuer in a process of its own. An answer means`,
  '       that the credential is committed and on disk (SQLite: WAL, synchronous FULL, commits in groups; PostgreSQL:',
  '       synchronous_commit on, one server on the same machine), then signed.',
  "stock  Veramo's createVerifiableCredential (JWT, Ed25519) and dataStoreSaveVerifiableCredential on SQLite, in this",
  '       process, without HTTP, one after another: its store fails on concurrent transactions.',
  `Each takes ${SECONDS} s in turn; the median of the rounds counts.`,
]

/** Durable role credentials per second over HTTP, on both databases, against stock Veramo's create and save. */
export async function benchIssue(rounds: number): Promise<Report> {
  const agents = Array.from({ length: AGENTS }, () => createParty().did)
  const sqlite = await openIssuer('SQLite', agents)
  const postgres = await openIssuer('PostgreSQL', agents)
  const stock = await openStockIssuer(sqlite.folder)
  const perSecond = { sqlite: [] as number[], postgres: [] as number[], stock: [] as number[] }
  try {
    // The first round warms up the compilers and does not count.
    for (let round = 0; round <= rounds; round++) {
      const taken = {
        sqlite: await sqlite.load(),
        postgres: await postgres.load(),
        stock: await loadStock(stock.issue, agents),
      }
      if (round === 0) continue
      for (const name of ['sqlite', 'postgres', 'stock'] as const) perSecond[name].push(taken[name])
    }
  } finally {
    await stock.close()
    await sqlite.stop()
    await postgres.stop()
    await removePostgres()
  }
  const figures = {
    sqlitePerSecond: median(perSecond.sqlite),
    postgresPerSecond: median(perSecond.postgres),
    stockPerSecond: median(perSecond.stock),
  }
  const { sqlitePerSecond, postgresPerSecond, stockPerSecond } = figures
  const times = (value: number) => `${(value / stockPerSecond).toFixed(1)} × stock`
  return {
    rows: [
      {
        what: 'ours, SQLite',
        median: `${Math.round(sqlitePerSecond)}/s`,
        ratio: times(sqlitePerSecond),
        goal: '≥ 800/s',
        met: sqlitePerSecond >= 800 ? 'yes' : 'no',
      },
      { what: 'ours, PostgreSQL', median: `${Math.round(postgresPerSecond)}/s`, ratio: times(postgresPerSecond) },
      { what: 'stock Veramo', median: `${Math.round(stockPerSecond)}/s` },
    ],
    legend: LEGEND,
    figures,
  }
}

async function openIssuer(database: DatabaseKind, agents: readonly string[]) {
  const fleet = await startFleet(database)
  const { url } = await fleet.start('issuer')
  const role = { description: 'Approves payments', maxValiditySeconds: 86_400, sensitivity: 'high' as const }
  await issuerClient({ url, token: fleet.adminToken }).putRole(ROLE, role)
  const headers = { Authorization: `Bearer ${fleet.adminToken}`, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ role: ROLE, operator: 'ops@retailer.example' })
  const requests = agents.map((did) => ({
    method: 'POST' as const,
    path: `/agents/${encodeURIComponent(did)}/roles`,
    headers,
    body,
  }))
  return {
    folder: fleet.folder,
    stop: fleet.stop,
    async load(): Promise<number> {
      const {
        requests: answered,
        non2xx,
        errors,
      } = await autocannon({
        url,
        connections: CLIENTS,
        duration: SECONDS,
        requests,
      })
      assert.equal(non2xx + errors, 0, 'every request is to be answered with 201')
      return answered.total / SECONDS
    },
  }
}

async function loadStock(issue: (agent: string) => Promise<void>, agents: readonly string[]): Promise<number> {
  const startedAt = performance.now()
  let count = 0
  while (performance.now() - startedAt < SECONDS * 1000) await issue(agents[count++ % agents.length]!)
  return (count * 1000) / (performance.now() - startedAt)
}
