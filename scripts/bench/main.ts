import { parseArgs } from 'node:util'
import { benchHttp } from './http.ts'
import { benchIssue } from './issue.ts'
import { benchMass } from './mass.ts'
import type { Report } from './report.ts'
import { benchRevocation } from './revocation.ts'
import { benchScale } from './scale.ts'
import { benchVerify } from './verify.ts'

interface Bench {
  run(rounds: number): Promise<Report>
  /** Unless the command line says otherwise. */
  rounds: number
}

const benches: Record<string, Bench> = {
  verify: { run: benchVerify, rounds: 200 },
  issue: { run: benchIssue, rounds: 3 },
  http: { run: benchHttp, rounds: 5 },
  revocation: { run: benchRevocation, rounds: 1 },
  mass: { run: benchMass, rounds: 3 },
  scale: { run: benchScale, rounds: 7 },
}

const known = Object.keys(benches).join(', ')
const usage = `Usage: npm run bench -- NAME [--json] [--rounds N]; NAME is one of: ${known}.`

async function main(): Promise<void> {
  const { bench, json, rounds } = readArguments()
  const { rows, legend, figures } = await bench.run(rounds)
  if (json) return console.log(JSON.stringify(figures))
  console.table(Object.fromEntries(rows.map(({ what = '', ...rest }) => [what, rest])))
  for (const line of legend) console.log(line)
}

class UsageError extends Error {}

function readArguments() {
  const { positionals, values } = parse()
  const [name = '', ...rest] = positionals
  if (!Object.hasOwn(benches, name) || rest.length > 0)
    throw new UsageError(`There is no bench "${positionals.join(' ')}". ${usage}`)
  const bench = benches[name]!
  const rounds = Number(values.rounds ?? bench.rounds)
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new UsageError(`--rounds is "${values.rounds}"; expected a whole number from 1. ${usage}`)
  return { bench, json: values.json, rounds }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } },
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message} ${usage}`)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
