import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..')
const ROW = /^\| (\d+) \|/

describe('check-threats', () => {
  let tree: string
  /** The table of this checkout, every test of which is one and the same. */
  let rows: string[]

  beforeEach(() => {
    tree = realpathSync(mkdtempSync(join(tmpdir(), 'check-threats-')))
    for (const folder of ['test', 'docs']) mkdirSync(join(tree, folder))
    write('docs/security.md', readFileSync(join(root, 'docs/security.md'), 'utf8'))
    write(
      'test/gate.test.mjs',
      `describe('a gate', () => { it('refuses this', () => {}); it('refuses that', () => {}) })`,
    )
    const table = readFileSync(join(root, 'test/threats.md'), 'utf8').split('\n')
    rows = table
      .filter((line) => ROW.test(line))
      .map((line) =>
        line.includes('not built yet') ? line : `| ${numberOf(line)} | x | test/gate.test.mjs | a gate refuses this |`,
      )
  })

  afterEach(() => rmSync(tree, { recursive: true }))

  it('passes a table in which each threat has a test, or is about what is not built yet', () => {
    rows[1] = `${rows[1]}\n| | | test/gate.test.mjs | a gate refuses that |`
    rows[2] = rows[2]!.replace('a gate refuses this', 'a gate ref…')
    expect(check()).to.deep.equal({ status: 0, findings: [] })
  })

  it('names a test that does not exist, and one that is elsewhere', () => {
    write('test/other.test.mjs', `it('refuses this', () => {})`)
    rows[0] = rows[0]!.replace('refuses this', 'refuses everything')
    rows[1] = `${rows[1]}\n| | | test/other.test.mjs | a gate refuses that |`
    rows[2] = rows[2]!.replace('a gate refuses this', 'a gate opens…')
    const { status, findings } = check()
    expect(findings.map((line) => line.split(', which')[0])).to.deep.equal([
      'test/gate.test.mjs has no test "a gate refuses everything"',
      'test/other.test.mjs has no test "a gate refuses that"',
      'test/gate.test.mjs has no test "a gate opens…"',
    ])
    expect(status).to.equal(1)
  })

  it('names a file that does not exist', () => {
    rows[0] = rows[0]!.replace('gate.test', 'door.test')
    expect(check()).to.deep.equal({
      status: 1,
      findings: ['test/door.test.mjs does not exist; correct test/threats.md.'],
    })
  })

  it('names a threat that is missing, stands twice, is new, or has no test', () => {
    rows.push(rows[4]!, '| 110 | x | test/gate.test.mjs | a gate refuses this |')
    rows[7] = '| 8 | x | – | not built yet: a gate |'
    rows.splice(2, 1)
    const { status, findings } = check()
    expect(findings.map((line) => line.split(';')[0])).to.deep.equal([
      'Threat 3 stands 0 times in test/threats.md',
      'Threat 5 stands 2 times in test/threats.md',
      'Threat 8 has no test',
      'Threat 110 is new',
    ])
    expect(status).to.equal(1)
  })

  it('names a threat against which no defence stands, or two', () => {
    write('docs/security.md', '| a threat | a defence | 1–5, 3, 7–109 |\n')
    expect(check()).to.deep.equal({
      status: 1,
      findings: [
        'Threat 3 stands 2 times in docs/security.md; it has one place there.',
        'Threat 6 stands 0 times in docs/security.md; it has one place there.',
      ],
    })
  })

  it('tells when what was not built has a test', () => {
    const at = rows.findIndex((line) => line.includes('not built yet'))
    const number = numberOf(rows[at]!)
    rows[at] = `| ${number} | x | test/gate.test.mjs | a gate refuses this |`
    expect(check()).to.deep.equal({
      status: 1,
      findings: [`Threat ${number} has a test now; take it out of LATER.`],
    })
  })

  const numberOf = (line: string) => ROW.exec(line)![1]

  function write(file: string, text: string): void {
    writeFileSync(join(tree, file), text)
  }

  function check() {
    write('test/threats.md', `| # | attack | file | test |\n|---|---|---|---|\n${rows.join('\n')}\n`)
    const script = join(root, 'scripts/check-threats.ts')
    const { status, stderr } = spawnSync(process.execPath, [script, tree], { encoding: 'utf8' })
    return { status, findings: stderr.split('\n').filter(Boolean) }
  }
})
