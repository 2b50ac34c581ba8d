import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { removePostgres } from '../../test/system/postgres.ts'
import { sendAll } from './load.ts'
import { followHeartbeats } from './mass/follow-heartbeats.ts'
import { median } from './measure.ts'
import type { Report } from './report.ts'
import { openSeededIssuer } from './scale/open-seeded-issuer.ts'

const ALL = 100_000
const WARM_UP = 400
const ONE_BY_ONE = 1_000
const ROLE = 'payments.approver'
const GOAL_SECONDS = 60

const LEGEND = [
  'An issuer in a process of its own, whose database is seeded through the store: agents with one role each. In each round',
  `${ONE_BY_ONE.toLocaleString('en')} of them are revoked one by one over HTTP, by 16 clients; the ${ALL.toLocaleString('en')} that are left then by one call of`,
  'DELETE /roles/:role/credentials, until its answer: committed, on disk and signed. Meanwhile somebody follows',
  '/status/events: "silence" is the longest time without a heartbeat, of which there is one a second. Anchors and heads are',
  'those that the one call made.',
]

/** How fast roles are revoked one by one, and how long it takes to revoke a role of a hundred thousand agents in one call. */
export async function benchMass(rounds: number): Promise<Report> {
  const rows: Report['rows'] = []
  const figures: Report['figures'] = {}
  try {
    for (const database of ['SQLite', 'PostgreSQL'] as const) {
      const taken = await measureOn(database, rounds)
      figures[database === 'SQLite' ? 'sqlite' : 'postgres'] = taken
      const { seconds, revoked, heads, anchors, silenceMs } = taken
      rows.push(
        {
          what: `one by one, ${database}`,
          median: `${Math.round(taken.perSecond)}/s, ${taken.headsEach.toFixed(2)} heads each`,
        },
        {
          what: `${revoked.toLocaleString('en')} in one call, ${database}`,
          median: `${seconds.toFixed(1)} s; ${heads} head, ${anchors} anchor; silence ${Math.round(silenceMs)} ms`,
          goal: `≤ ${GOAL_SECONDS} s, 1 head, 1 anchor`,
          met: seconds <= GOAL_SECONDS && heads === 1 && anchors === 1 ? 'yes' : 'no',
        },
      )
    }
  } finally {
    await removePostgres()
  }
  return { rows, legend: LEGEND, figures }
}

async function measureOn(database: DatabaseKind, rounds: number) {
  const opened = new AsyncDisposableStack()
  try {
    const past = { role: ROLE, credentials: ALL + WARM_UP + rounds * ONE_BY_ONE, revokedOf: Number.POSITIVE_INFINITY }
    const issuer = await openSeededIssuer(database, past, opened)
    const revoke = (count: number) => revokeOneByOne(issuer, count)
    await revoke(WARM_UP)
    const singles = []
    for (let round = 0; round < rounds; round++) singles.push(await revoke(ONE_BY_ONE))
    return {
      perSecond: median(singles.map(({ perSecond }) => perSecond)),
      headsEach: median(singles.map(({ headsEach }) => headsEach)),
      ...(await revokeAll(issuer)),
    }
  } finally {
    await opened.disposeAsync()
  }
}

type Issuer = Awaited<ReturnType<typeof openSeededIssuer>>

async function revokeOneByOne({ client, url, agents, headers, roles }: Issuer, count: number) {
  const requests = agents
    .splice(0, count)
    .map((did) => ({ method: 'DELETE' as const, path: `${roles(did)}/${ROLE}`, headers }))
  const before = (await client.statusHead()).head.version
  const seconds = await sendAll([url], requests)
  const after = (await client.statusHead()).head.version
  return { perSecond: count / seconds, headsEach: (after - before) / count }
}

async function revokeAll({ client, url, anchors }: Issuer) {
  await settled(client)
  const [headBefore, anchorsBefore] = [(await client.statusHead()).head.version, (await anchors()).length]
  const heartbeats = await followHeartbeats(url)
  const startedAt = performance.now()
  const { revokedCount } = await client.revokeRoleOfAll(ROLE, 'bench')
  const seconds = (performance.now() - startedAt) / 1000
  await sleep(2_000)
  const silenceMs = await heartbeats.end()
  await settled(client)
  return {
    seconds,
    revoked: revokedCount,
    heads: (await client.statusHead()).head.version - headBefore,
    anchors: (await anchors()).length - anchorsBefore,
    silenceMs,
  }
}

/** Everything that is signed is on chain. */
async function settled(client: Issuer['client']): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await client.statusHead()).anchor.state === 'final') return
    await sleep(100)
  }
  assert.fail('the newest head is not anchored after a minute')
}
