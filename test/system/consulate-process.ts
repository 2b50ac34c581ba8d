import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expectDescribed, expectNothingOf } from './described.ts'
import { until } from './start-system.ts'

const BIN = join(import.meta.dirname, '../../packages/cli/bin/consulate.js')

export interface Endpoints {
  issuer: string
  wallet: string
  verifier: string
  rpcUrl: string
  issuerDid: string
  adminToken: string
  verifierToken: string
}

export interface ConsulateProcess {
  pid: number
  endpoints: Endpoints
  /** Sends a signal and waits for the end; answers with the exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** `consulate up` in a process of its own, with its data in `folder` and free ports. */
export async function runUp(folder: string, settings: NodeJS.ProcessEnv = {}): Promise<ConsulateProcess> {
  const file = join(folder, 'endpoints.json')
  rmSync(file, { force: true })
  const env = { ...environment(folder), ...settings }
  const child = spawn(process.execPath, [BIN, 'up'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  await until(async () => existsSync(file) || child.exitCode !== null, 30_000)
  if (child.exitCode !== null) throw new Error(`consulate up ended with ${child.exitCode}: ${log}`)
  const endpoints: Endpoints = JSON.parse(readFileSync(file, 'utf8'))
  // Nobody trusts a certificate of its own yet.
  const urls = [endpoints.issuer, endpoints.wallet, endpoints.verifier].filter((url) => url.startsWith('http:'))
  for (const url of urls) await expectDescribed(url)
  return {
    pid: child.pid!,
    endpoints,
    end(signal) {
      for (const url of urls) expectNothingOf(url)
      child.kill(signal)
      return ended
    },
  }
}

function environment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_OPTIONS: '--conditions=@consulate/source',
    CONSULATE_DATA: folder,
    CONSULATE_ISSUER_PORT: '0',
    CONSULATE_WALLET_PORT: '0',
    CONSULATE_VERIFIER_PORT: '0',
    CONSULATE_LOG_LEVEL: 'warn',
  }
}

/** One command beside a running `consulate up`; answers with what it printed. */
export async function runCommand(folder: string, ...command: string[]): Promise<string> {
  const env = environment(folder)
  return (await promisify(execFile)(process.execPath, [BIN, ...command], { env, timeout: 30_000 })).stdout
}

/** The processes whose command line names this folder: the chain and its guard. */
export async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args='])
  return stdout.split('\n').filter((line) => line.includes(folder) && !line.includes(' ps '))
}
