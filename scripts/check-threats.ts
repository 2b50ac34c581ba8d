import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const TABLE = 'test/threats.md'
const DEFENCES = 'docs/security.md'
const MOCHA = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'))

/** How many threats there are. */
const THREATS = 109

/** Those about what is not built yet: policy, audit, pushed status, and tokens for other systems. */
const LATER = [85, 86, 88, 89, 90, 99]

interface NamedTest {
  threat: number
  file: string
  /** The full title, or how the titles of several begin, with `…` behind it. */
  title: string
}

/** One line for each threat that no test tries, and each test that is not there. */
export async function checkThreats(root: string): Promise<{ tests: number; findings: string[] }> {
  const { threats, tests } = readTable(readFileSync(join(root, TABLE), 'utf8'))
  const files = [...new Set(tests.map(({ file }) => file))]
  const missing = files.filter((file) => !existsSync(join(root, file)))
  const titles = await titlesIn(
    root,
    files.filter((file) => !missing.includes(file)),
  )
  const findings = [
    ...checkNumbers(threats, tests),
    ...checkDefences(readFileSync(join(root, DEFENCES), 'utf8')),
    ...missing.map((file) => `${file} does not exist; correct ${TABLE}.`),
    ...tests.flatMap((test) => (missing.includes(test.file) ? [] : checkTest(test, titles.get(test.file) ?? []))),
  ]
  return { tests: tests.length, findings }
}

/** A row without a number belongs to the threat above it. */
function readTable(text: string): { threats: number[]; tests: NamedTest[] } {
  const threats: number[] = []
  const tests: NamedTest[] = []
  for (const [, number, file, title] of text.matchAll(/^\| ?(\d*) ?\|.*\| (\S+) \| (.+) \|$/gm)) {
    if (number) threats.push(Number(number))
    if (file !== '–' && file !== 'file') tests.push({ threat: threats.at(-1)!, file: file!, title: title! })
  }
  return { threats, tests }
}

function checkNumbers(threats: number[], tests: NamedTest[]): string[] {
  const findings: string[] = []
  for (let number = 1; number <= Math.max(THREATS, ...threats); number++) {
    const count = threats.filter((threat) => threat === number).length
    const isTested = tests.some(({ threat }) => threat === number)
    const isLater = LATER.includes(number)
    if (count !== 1) findings.push(`Threat ${number} stands ${count} times in ${TABLE}; it has one place there.`)
    else if (number > THREATS) findings.push(`Threat ${number} is new; count it in THREATS.`)
    else if (!isTested && !isLater) findings.push(`Threat ${number} has no test; write one and name it in ${TABLE}.`)
    else if (isTested && isLater) findings.push(`Threat ${number} has a test now; take it out of LATER.`)
  }
  return findings
}

/** Each threat stands in one row of defences; its last column has numbers and ranges, `1–8, 14`. */
function checkDefences(text: string): string[] {
  const defended = [...text.matchAll(/\| ([\d–, ]+) \|$/gm)].flatMap(([, numbers]) =>
    numbers!.split(', ').flatMap((range) => {
      const [from, to = from] = range.split('–').map(Number)
      return Array.from({ length: to! - from! + 1 }, (_, at) => from! + at)
    }),
  )
  return Array.from({ length: THREATS }, (_, at) => at + 1).flatMap((number) => {
    const count = defended.filter((threat) => threat === number).length
    return count === 1 ? [] : [`Threat ${number} stands ${count} times in ${DEFENCES}; it has one place there.`]
  })
}

function checkTest({ threat, file, title }: NamedTest, titles: string[]): string[] {
  const start = title.endsWith('…') ? title.slice(0, -1) : undefined
  if (titles.some((candidate) => candidate === title || (start !== undefined && candidate.startsWith(start)))) return []
  return [`${file} has no test "${title}", which threat ${threat} names; write it, or correct ${TABLE}.`]
}

/** The full titles of the tests that mocha finds in each file; it runs none. */
async function titlesIn(root: string, files: string[]): Promise<Map<string, string[]>> {
  if (files.length === 0) return new Map()
  const options = ['--no-config', '--no-package', '--dry-run', '--reporter', 'json']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@consulate/source', MOCHA, ...options, ...files],
    {
      cwd: root,
      maxBuffer: 2 ** 26,
    },
  )
  const { tests } = JSON.parse(stdout) as { tests: { file: string; fullTitle: string }[] }
  return new Map(
    [...Map.groupBy(tests, ({ file }) => relative(root, file))].map(([file, found]) => [
      file,
      found.map(({ fullTitle }) => fullTitle),
    ]),
  )
}

if (import.meta.main) {
  const { tests, findings } = await checkThreats(process.argv[2] ?? join(import.meta.dirname, '..'))
  for (const finding of findings) console.error(finding)
  console.log(`${THREATS} threats, ${tests} named tests, ${findings.length} gaps`)
  process.exitCode = findings.length > 0 ? 1 : 0
}
