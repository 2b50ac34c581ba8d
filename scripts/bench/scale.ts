import type { DatabaseKind } from '../../test/system/databases.ts'
import { removePostgres } from '../../test/system/postgres.ts'
import { sendAll } from './load.ts'
import { median } from './measure.ts'
import type { Report } from './report.ts'
import { openSeededIssuer } from './scale/open-seeded-issuer.ts'
import { createParty } from './verify/party.ts'

const SMALL = 1_000
const LARGE = 1_000_000
const ISSUED = 500
const REVOKED = 100
const ROLE = 'payments.approver'
const SIZES = ['small', 'large'] as const
const FIGURES = {
  SQLite: { issue: 'sqliteIssueRatio', revoke: 'sqliteRevokeRatio' },
  PostgreSQL: { issue: 'postgresIssueRatio', revoke: 'postgresRevokeRatio' },
} as const

const LEGEND = [
  `Two issuers, each in a process of its own, one with ${SMALL.toLocaleString('en')} credentials in its database and one with ${LARGE.toLocaleString('en')}, seeded through the`,
  'store: an agent each, in lists filled to 70 %, one in a hundred revoked, with its head and list version. In turns,',
  `over HTTP with 16 clients, each issues ${ISSUED} more and revokes ${REVOKED} of those seeded; medians over the rounds.`,
]

/** What issuing and revoking cost with a million credentials in the database, against a thousand. */
export async function benchScale(rounds: number): Promise<Report> {
  const rows: Report['rows'] = []
  const figures: Report['figures'] = {}
  try {
    for (const database of ['SQLite', 'PostgreSQL'] as const) {
      const taken = await measureOn(database, rounds)
      for (const what of ['issue', 'revoke'] as const) {
        const [small, large] = SIZES.map((size) => median(taken[size].map((each) => each[what]))) as [number, number]
        const ratio = large / small
        figures[FIGURES[database][what]] = ratio
        rows.push({
          what: `${what}, ${database}`,
          median: `${(small * 1000).toFixed(2)} → ${(large * 1000).toFixed(2)} ms`,
          ratio: `${ratio.toFixed(2)} ×`,
          goal: '≤ 1.3 ×',
          met: ratio <= 1.3 ? 'yes' : 'no',
        })
      }
    }
  } finally {
    await removePostgres()
  }
  return { rows, legend: LEGEND, figures }
}

/** Seconds an operation. */
type Taken = Record<'issue' | 'revoke', number>

async function measureOn(database: DatabaseKind, rounds: number): Promise<Record<'small' | 'large', Taken[]>> {
  const opened = new AsyncDisposableStack()
  try {
    const small = await openIssuer(database, SMALL, opened)
    const large = await openIssuer(database, LARGE, opened)
    const taken: Record<'small' | 'large', Taken[]> = { small: [], large: [] }
    // The first round warms up the compilers and does not count.
    for (let round = 0; round <= rounds; round++) {
      const each = { small: await small.load(), large: await large.load() }
      if (round > 0) for (const size of SIZES) taken[size].push(each[size])
    }
    return taken
  } finally {
    await opened.disposeAsync()
  }
}

async function openIssuer(database: DatabaseKind, credentials: number, opened: AsyncDisposableStack) {
  const { url, agents, headers, roles } = await openSeededIssuer(database, { role: ROLE, credentials }, opened)
  const body = JSON.stringify({ role: ROLE, operator: 'ops@retailer.example' })
  return {
    async load(): Promise<Taken> {
      const newcomers = Array.from({ length: ISSUED }, () => createParty().did)
      const issue = newcomers.map((did) => ({ method: 'POST' as const, path: roles(did), headers, body }))
      const revoke = agents
        .splice(0, REVOKED)
        .map((did) => ({ method: 'DELETE' as const, path: `${roles(did)}/${ROLE}`, headers }))
      return {
        issue: (await sendAll([url], issue)) / ISSUED,
        revoke: (await sendAll([url], revoke)) / REVOKED,
      }
    },
  }
}
