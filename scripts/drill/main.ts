import { parseArgs } from 'node:util'
import { removePostgres } from '../../test/system/postgres.ts'
import { drillFsync } from './fsync.ts'
import { drillInstances } from './instances.ts'
import { drillKill } from './kill.ts'
import type { DrillReport } from './report.ts'

/** In the long form; the tests play a short one. */
const drills: Record<string, () => Promise<DrillReport>> = {
  fsync: async () => {
    const reports = [await drillFsync('SQLite', 100), await drillFsync('PostgreSQL', 100)]
    const [sqlite, postgres] = reports.map(({ figures }) => figures)
    return {
      figures: {
        sqliteAcknowledged: sqlite!.acknowledged!,
        sqliteLost: sqlite!.lost!,
        postgresAcknowledged: postgres!.acknowledged!,
        postgresLost: postgres!.lost!,
      },
      problems: reports.flatMap(({ problems }) => problems),
    }
  },
  kill: async () => {
    const options = { kills: 250, workers: 16, lifeMs: 400 }
    const sqlite = await drillKill({ ...options, database: 'SQLite' })
    const postgres = await drillKill({ ...options, database: 'PostgreSQL' })
    const both = (name: string) => sqlite.figures[name]! + postgres.figures[name]!
    return {
      figures: { kills: both('kills'), acknowledged: both('acknowledged'), lost: both('lost') },
      problems: [...sqlite.problems, ...postgres.problems],
    }
  },
  instances: () => drillInstances({ workers: 16, issuances: 20_000, revocations: 1_000 }),
}

const usage = `Usage: npm run drill -- NAME [--json]; NAME is one of: ${Object.keys(drills).join(', ')}.`

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const [name = '', ...rest] = positionals
  if (!Object.hasOwn(drills, name) || rest.length > 0) {
    console.error(`There is no drill "${positionals.join(' ')}". ${usage}`)
    return 2
  }
  const { figures, problems } = await drills[name]!().finally(removePostgres)
  if (values.json) console.log(JSON.stringify(figures))
  else console.table(figures)
  for (const problem of problems.slice(0, 50)) console.error(problem)
  return problems.length > 0 ? 1 : 0
}

process.exitCode = await main()
