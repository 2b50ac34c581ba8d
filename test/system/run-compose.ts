import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DataSource } from 'typeorm'
import { type ComposeService, readCompose, readStages, type Stage } from './containers.ts'
import { expectDescribed, expectNothingOf } from './described.ts'
import { freePort } from './free-port.ts'
import { startPostgres } from './postgres.ts'
import { until } from './start-system.ts'

const anvil = `@foundry-rs/anvil-linux-${process.arch === 'x64' ? 'amd64' : process.arch}/bin/anvil`
const PROGRAMS: Record<string, string[]> = {
  node: [process.execPath],
  consulate: [process.execPath, join(import.meta.dirname, '../../packages/cli/bin/consulate.js')],
  anvil: [createRequire(import.meta.url).resolve(anvil)],
}

export interface RunningCompose {
  /** In which they were started. */
  order: string[]
  /** What is said in a container, said on this machine: addresses and folders are others. */
  here(text: string): string
  /** The folder that is a service's volume. */
  volume(service: string): string
  /** Sends SIGTERM to all that still runs and answers with the exit codes. */
  stop(): Promise<Record<string, number | null>>
}

/** Starts what compose.yaml declares, and as it declares it, but as processes on free loopback ports. */
export async function runCompose(folder: string): Promise<RunningCompose> {
  const { services, databaseStatements } = readCompose()
  const stages = readStages()
  const postgres = await startPostgres()
  const ports: Record<string, number> = { 5432: Number(new URL(await postgres.createDatabase()).port) }
  for (const port of [7100, 7200, 7300, 8545]) ports[port] = await freePort()
  const order: string[] = []
  const processes = new Map<string, ChildProcess>()
  const codes: Record<string, number | null> = {}
  let log = ''
  const here = (text: string) =>
    text
      .replaceAll('@postgres/', '@postgres:5432/')
      .replaceAll('0.0.0.0', '127.0.0.1')
      .replaceAll(/\b(postgres|issuer|chain):(?=\d{4}\b)/g, '127.0.0.1:')
      .replaceAll(/\b(7[123]00|8545|5432)\b/g, (port) => `${ports[port]}`)
  const volume = (name: string) => join(folder, name)

  const started = new Map<string, Promise<void>>()
  const start = (name: string): Promise<void> => {
    if (!started.has(name)) started.set(name, startAfterOthers(name, services.get(name)!))
    return started.get(name)!
  }

  async function startAfterOthers(name: string, service: ComposeService): Promise<void> {
    for (const [other, { condition }] of Object.entries(service.depends_on)) {
      await start(other)
      await (condition === 'service_healthy' ? healthy(other) : done(other))
    }
    order.push(name)
    if (name === 'postgres') await asSuperuser(service, databaseStatements)
    else launch(name, service, stageOf(service))
  }

  const stageOf = ({ build }: ComposeService) => stages.get(typeof build === 'object' ? build.target : 'consulate')!

  function launch(name: string, { command, environment }: ComposeService, stage: Stage): void {
    mkdirSync(volume(name))
    const inside = (text: string) => here(text).replace(/\/var\/lib\/(consulate|chain)/, volume(name))
    const declared = Object.entries({ ...stage.environment, ...environment })
    const [program, ...before] = PROGRAMS[stage.entrypoint[0]!]!
    const elsewhere = name === 'chain' ? [`--port=${ports[8545]}`] : []
    const child = spawn(program!, [...before, ...command.map(inside), ...elsewhere], {
      env: {
        PATH: process.env.PATH,
        NODE_OPTIONS: '--conditions=@consulate/source',
        CONSULATE_ISSUER_PORT: here('7100'),
        CONSULATE_WALLET_PORT: here('7200'),
        CONSULATE_VERIFIER_PORT: here('7300'),
        ...Object.fromEntries(declared.map(([variable, value]) => [variable, inside(value)])),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr!.on('data', (chunk) => {
      log = (log + chunk).slice(-10_000)
    })
    child.once('exit', (code) => {
      codes[name] = code
    })
    processes.set(name, child)
  }

  /** PostgreSQL was waited for; the others have the healthcheck of their image. */
  async function healthy(name: string): Promise<void> {
    if (name === 'postgres') return
    const [program, ...args] = stageOf(services.get(name)!).healthcheck.map(here)
    const check = () => promisify(execFile)(PROGRAMS[program!]![0]!, args)
    await until(() => Promise.resolve(name in codes || check().then(yes, no)), 60_000)
    if (name in codes) throw ended(name)
  }

  async function done(name: string): Promise<void> {
    await until(async () => name in codes, 60_000)
    if (codes[name] !== 0) throw ended(name)
  }

  const ended = (name: string) => new Error(`${name} ended with ${codes[name]}: ${log}`)

  async function asSuperuser({ environment }: ComposeService, statements: string[]): Promise<void> {
    if (!environment.POSTGRES_PASSWORD) throw new Error('the image starts with no database without POSTGRES_PASSWORD')
    const source = new DataSource({ type: 'postgres', url: await postgres.createDatabase() })
    await source.initialize()
    for (const statement of statements) await source.query(statement)
    await source.destroy()
  }

  const urls = ['7100', '7200', '7300'].map((port) => here(`http://127.0.0.1:${port}`))
  const stop = async () => {
    for (const url of urls) expectNothingOf(url)
    const running = [...processes].filter(([name]) => !(name in codes))
    await Promise.all(
      running.map(async ([, child]) => {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }),
    )
    await postgres.remove()
    return codes
  }
  try {
    for (const name of services.keys()) await start(name)
    for (const name of ['issuer', 'wallet', 'verifier']) await healthy(name)
    for (const url of urls) {
      // The healthcheck of the image takes one service for another: here they share one machine.
      await until(() => fetch(`${url}/healthz`).then(({ ok }) => ok, no), 60_000)
      await expectDescribed(url)
    }
    return { order, here, volume, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const yes = () => true
const no = () => false
