import { strict as assert } from 'node:assert'
import { issuerClient, verifierAdminClient } from '@consulate/sdk'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { removePostgres } from '../../test/system/postgres.ts'
import { until } from '../../test/system/start-system.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { type Instance, startEcho } from '../fleet/start-service.ts'
import { sendAll } from './load.ts'
import { median } from './measure.ts'
import type { Report } from './report.ts'
import { present } from './verify/content.ts'
import { createParty } from './verify/party.ts'

const AGENTS = 200
const REQUESTS = 3_000
const ROLE = 'payments.approver'
const DOMAIN = 'https://api.example'

const LEGEND = [
  `Each measures ${REQUESTS.toLocaleString('en')} requests over 16 connections, in turns; services and echo in processes of their own, the`,
  'client in this one; medians over the rounds.',
  'echo   Express parses the JSON body of a verify request and sends it back.',
  'ours   POST /challenges and POST /presentations/verify, both counted, for presentations signed between the two. A',
  '       challenge is not stored. That it was used is kept in memory beside SQLite, where a verifier is alone and knows no',
  '       challenge of before its start; PostgreSQL: one insert that is on disk before the answer leaves (synchronous_commit on).',
  'second what two verifier processes on one PostgreSQL do, against one.',
]

/** What a verification costs over HTTP, against an echo of the same body. */
export async function benchHttp(rounds: number): Promise<Report> {
  const echo = await startEcho()
  const sqlite = await openVerifiers('SQLite', 1)
  const postgres = await openVerifiers('PostgreSQL', 2)
  const taken: Record<'echo' | 'one' | 'postgresOne' | 'postgresTwo', number[]> = {
    echo: [],
    one: [],
    postgresOne: [],
    postgresTwo: [],
  }
  try {
    // The first round warms up the compilers and does not count.
    for (let round = 0; round <= rounds; round++) {
      const one = await sqlite.verify(1)
      const seconds = {
        echo: await sendAll(
          [echo.url],
          one.requests.map((request) => ({ ...request, path: '/' })),
        ),
        one: one.seconds,
        postgresOne: (await postgres.verify(1)).seconds,
        postgresTwo: (await postgres.verify(2)).seconds,
      }
      if (round > 0)
        for (const name of ['echo', 'one', 'postgresOne', 'postgresTwo'] as const)
          taken[name].push(REQUESTS / seconds[name])
    }
  } finally {
    await echo.end('SIGTERM')
    await sqlite.stop()
    await postgres.stop()
    await removePostgres()
  }
  const [echoed, one, postgresOne, postgresTwo] = [taken.echo, taken.one, taken.postgresOne, taken.postgresTwo].map(
    median,
  ) as [number, number, number, number]
  const echoRatio = one / echoed
  const twoProcessRatio = postgresTwo / postgresOne
  const perSecond = (value: number) => `${Math.round(value)}/s`
  return {
    rows: [
      { what: 'echo', median: perSecond(echoed) },
      {
        what: 'ours, SQLite',
        median: perSecond(one),
        ratio: `${echoRatio.toFixed(2)} × echo`,
        goal: '≥ 0.2 × echo',
        met: echoRatio >= 0.2 ? 'yes' : 'no',
      },
      {
        what: 'ours, PostgreSQL',
        median: perSecond(postgresOne),
        ratio: `${(postgresOne / echoed).toFixed(2)} × echo`,
      },
      {
        what: 'ours, PostgreSQL, two processes',
        median: perSecond(postgresTwo),
        ratio: `${twoProcessRatio.toFixed(2)} × one`,
      },
    ],
    legend: LEGEND,
    figures: {
      echoRatio,
      twoProcessRatio,
      echoPerSecond: echoed,
      onePerSecond: one,
      postgresOnePerSecond: postgresOne,
      postgresTwoPerSecond: postgresTwo,
    },
  }
}

async function openVerifiers(database: DatabaseKind, count: number) {
  const fleet = await startFleet(database)
  const issuer = await fleet.start('issuer')
  const client = issuerClient({ url: issuer.url, token: fleet.adminToken })
  await client.putRole(ROLE, { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'low' })
  const verifiers: Instance[] = []
  while (verifiers.length < count) verifiers.push(await fleet.start('verifier'))
  const admins = verifiers.map(({ url }) => verifierAdminClient({ url, token: fleet.adminToken }))
  await admins[0]!.trust(issuer.did!, { roles: ['*'], statusUrl: `${issuer.url}/status` })
  for (const admin of admins)
    await until(async () => (await admin.trusted(issuer.did!).catch(() => undefined))?.status != null)
  const { token } = await admins[0]!.addResourceServer('bench', [DOMAIN])
  const agents = await Promise.all(
    Array.from({ length: AGENTS }, createParty).map(async (party) => {
      const { verifiableCredential } = await client.issueRole(party.did, { role: ROLE, operator: 'ops@example.com' })
      return { party, verifiableCredential }
    }),
  )
  const post = (path: string, body: unknown) => ({
    method: 'POST' as const,
    path,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return {
    stop: fleet.stop,
    /** Challenges and verifications on so many processes; the presentations are made while the clock stands. */
    async verify(processes: number) {
      const urls = verifiers.slice(0, processes).map(({ url }) => url)
      const challenges: string[] = []
      const asking = Array.from({ length: REQUESTS }, () => post('/challenges', { domain: DOMAIN }))
      const asked = await sendAll(urls, asking, (body) => challenges.push(JSON.parse(body).challenge))
      assert.equal(challenges.length, REQUESTS)
      const requests = challenges.map((challenge, at) => {
        const { party, verifiableCredential } = agents[at % AGENTS]!
        const { presentation } = present(verifiableCredential, party, { domain: DOMAIN, challenge })
        return post('/presentations/verify', {
          verifiablePresentation: presentation,
          options: { domain: DOMAIN, challenge },
        })
      })
      return { requests, seconds: asked + (await sendAll(urls, requests)) }
    },
  }
}
