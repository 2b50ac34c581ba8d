import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Endpoints, processesOf } from './system/consulate-process.ts'
import { expectDescribed, expectNothingOf } from './system/described.ts'
import { installPacked, userEnvironment } from './system/install-packed.ts'
import { until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describe('the published packages, packed and installed in an empty folder', function () {
  this.timeout(300_000)
  const folder = mkdtempSync(join(tmpdir(), 'consulate-packed-'))
  const data = join(folder, 'data')
  const program = join(folder, 'node_modules', '.bin', 'consulate')
  const env = {
    ...userEnvironment(),
    CONSULATE_DATA: data,
    CONSULATE_ISSUER_PORT: '0',
    CONSULATE_WALLET_PORT: '0',
    CONSULATE_VERIFIER_PORT: '0',
    CONSULATE_LOG_LEVEL: 'warn',
  }
  let up: ChildProcess
  let log = ''

  before(async () => {
    await installPacked(folder)
    up = spawn('npx', ['consulate', 'up'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
    up.stderr!.on('data', (chunk) => {
      log += chunk
    })
    await until(async () => existsSync(join(data, 'endpoints.json')) || up.exitCode !== null, 60_000)
    if (up.exitCode !== null) throw new Error(`consulate up ended with ${up.exitCode}: ${log}`)
    for (const url of urls()) await expectDescribed(url)
  })
  after(async () => {
    for (const pid of await upProcesses()) process.kill(pid, 'SIGKILL')
    await until(async () => (await processesOf(folder)).length === 0)
    rmSync(folder, { recursive: true, force: true })
  })

  it('run three services that are ready', async () => {
    for (const url of urls()) await until(async () => (await fetch(`${url}/readyz`)).status === 200, 20_000)
  })

  it('issue a role, and accept it until it is revoked', async () => {
    await consulate('role', 'create', ROLE)
    const { did } = await consulate('agent', 'create', 'bot')
    await consulate('issue', 'bot', ROLE, '--operator', 'ops@example.com')
    expect(await presented()).to.include({ verified: true, holder: did })
    await consulate('revoke', 'bot', ROLE)
    await until(async () => (await presented()).error?.code === 'credential_revoked', 30_000)
  })

  it('are for Node as it is, without the sources', async () => {
    const script =
      "import * as sdk from '@consulate/sdk'; console.log(import.meta.resolve('@consulate/sdk'), !!sdk.issuerClient)"
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', script], { cwd: folder, env })
    expect(stdout.trim()).to.match(/sdk\/dist\/index\.js true$/)
  })

  it('stop on SIGTERM and leave nothing running', async () => {
    const ended = once(up, 'exit')
    for (const url of urls()) expectNothingOf(url)
    const [pid] = await upProcesses()
    process.kill(pid!, 'SIGTERM')
    expect(await ended).to.deep.equal([0, null])
    expect(existsSync(join(data, 'endpoints.json'))).to.equal(false)
    expect(await processesOf(folder)).to.deep.equal([])
  })

  function endpoints(): Endpoints {
    return JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8'))
  }

  function urls(): string[] {
    const { issuer, wallet, verifier } = endpoints()
    return [issuer, wallet, verifier]
  }

  async function presented() {
    const presentation = await consulate('present', 'bot', '--domain', 'https://api.example')
    writeFileSync(join(folder, 'presentation.json'), JSON.stringify(presentation))
    return consulate('verify', 'presentation.json')
  }

  async function consulate(...args: string[]) {
    const { stdout } = await promisify(execFile)(program, [...args, '--json'], { cwd: folder, env }).catch(
      (error) => error,
    )
    return JSON.parse(stdout)
  }

  /** npm passes no signal on, so that whoever stops it must stop what it runs. */
  async function upProcesses(): Promise<number[]> {
    const lines = await processesOf(program)
    return lines.map((line) => Number.parseInt(line, 10))
  }
})
