import { parseArgs } from 'node:util'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { removePostgres } from '../../test/system/postgres.ts'
import { drillDiskFull } from './disk-full.ts'
import { drillFsync } from './fsync.ts'
import { drillInstances } from './instances.ts'
import { drillKill } from './kill.ts'
import { drillMass } from './mass.ts'
import { drillMemory } from './memory.ts'
import { drillOutage } from './outage.ts'
import type { DrillReport } from './report.ts'
import { drillSlowClients } from './slow-clients.ts'
import { drillStop } from './stop.ts'

interface Drill {
  /** `count` of what it does again and again. */
  run(count: number): Promise<DrillReport>
  /** Unless the command line says otherwise; the tests play a shorter form. */
  count: number
  of: string
}

const drills: Record<string, Drill> = {
  'disk-full': {
    run: (fills) => onEach((database) => drillDiskFull({ database, fills, fullMs: 2_000, workers: 8 })),
    count: 5,
    of: 'fills on each database',
  },
  fsync: {
    run: (count) => onEach((database) => drillFsync(database, count)),
    count: 100,
    of: 'pairs of changes on each database',
  },
  instances: {
    run: (issuances) => drillInstances({ workers: 16, issuances, revocations: Math.ceil(issuances / 20) }),
    count: 20_000,
    of: 'issuances',
  },
  kill: {
    run: async (kills) => {
      const options = { kills, workers: 16, lifeMs: 2_500 }
      const sqlite = await drillKill({ ...options, database: 'SQLite' })
      const postgres = await drillKill({ ...options, database: 'PostgreSQL' })
      const both = (name: string) => sqlite.figures[name]! + postgres.figures[name]!
      return {
        figures: { kills: both('kills'), acknowledged: both('acknowledged'), lost: both('lost') },
        problems: [...sqlite.problems, ...postgres.problems],
      }
    },
    count: 250,
    of: 'kills on each database',
  },
  mass: {
    run: (kills) => onEach((database) => drillMass({ database, agents: 20_000, kills, lifeMs: 3_000 })),
    count: 20,
    of: 'kills on each database',
  },
  memory: { run: drillMemory, count: 1_000_000, of: 'verifications' },
  outage: {
    run: async (seconds) => {
      const options = { outageMs: seconds * 1_000, workers: 16 }
      const stopped = await drillOutage({ ...options, database: 'stopped' })
      return join({ stopped, paused: await drillOutage({ ...options, database: 'paused' }) })
    },
    count: 10,
    of: 'seconds',
  },
  'slow-clients': {
    run: (clients) => drillSlowClients({ clients, rounds: 3, halfMs: 15_000, workers: 4 }),
    count: 1_000,
    of: 'slow clients',
  },
  stop: {
    run: (stops) => onEach((database) => drillStop({ database, stops, workers: 16, lifeMs: 2_000 })),
    count: 10,
    of: 'stops on each database',
  },
}

async function onEach(drill: (database: DatabaseKind) => Promise<DrillReport>): Promise<DrillReport> {
  return join({ sqlite: await drill('SQLite'), postgres: await drill('PostgreSQL') })
}

/** The figures of each under a name of their own: `sqliteLost`. */
function join(reports: Record<string, DrillReport>): DrillReport {
  const named = Object.entries(reports).flatMap(([prefix, { figures }]) =>
    Object.entries(figures).map(
      ([name, value]) => [`${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`, value] as const,
    ),
  )
  return {
    figures: Object.fromEntries(named),
    problems: Object.entries(reports).flatMap(([prefix, { problems }]) => problems.map((what) => `${prefix}: ${what}`)),
  }
}

const known = Object.entries(drills).map(([name, { count, of }]) => `  ${name.padEnd(14)}${count} ${of}`)
const usage = `Usage: npm run drill -- NAME [--count N] [--json]; by default these are:\n${known.join('\n')}`

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, count: { type: 'string' } },
  })
  const [name = '', ...rest] = positionals
  const drill = Object.hasOwn(drills, name) && rest.length === 0 ? drills[name] : undefined
  const count = Number(values.count ?? drill?.count)
  if (!drill || !Number.isSafeInteger(count) || count < 1) {
    console.error(
      drill
        ? `--count is "${values.count}"; expected a whole number from 1.`
        : `There is no drill "${positionals.join(' ')}".`,
    )
    console.error(usage)
    return 2
  }
  const { figures, problems } = await drill.run(count).finally(removePostgres)
  console.table(figures)
  for (const problem of problems.slice(0, 50)) console.error(problem)
  if (values.json) console.log(JSON.stringify(figures))
  return problems.length > 0 ? 1 : 0
}

process.exitCode = await main()
