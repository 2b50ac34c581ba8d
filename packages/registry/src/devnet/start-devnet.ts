import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, rm } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@consulate/core'
import { assertChain } from '../chain/assert-chain.ts'
import { type ChainClient, createChainClient } from '../chain/chain-client.ts'
import { anvilProgram } from './anvil-program.ts'
import { DEVNET_ACCOUNTS, DEVNET_MNEMONIC, type DevnetAccount, devnetAccounts } from './devnet-accounts.ts'
import type { GuardReport } from './devnet-guard.ts'
import { releaseLock, sweepAfter } from './devnet-lock.ts'
import { settleState } from './settle-state.ts'

export interface DevnetOptions {
  /** Where the chain is kept between runs; `.lock`, `.previous` and `.cache` lie beside it. */
  stateFile: string
  /** Default: a free one. */
  port?: number
  chainId?: number
  log?: (message: string) => void
}

export interface Devnet {
  rpcUrl: string
  port: number
  chainId: number
  accounts: DevnetAccount[]
  /** Of anvil itself. */
  pid: number
  /** Writes the state and ends anvil; may be called again. */
  stop(): Promise<void>
  /** Resolves when anvil has ended, for whatever reason, with its exit code. */
  exited: Promise<number | null>
}

type Guard = ChildProcessByStdio<Writable, Readable, Readable>

const START_TIMEOUT = 20_000
const guardModule = fileURLToPath(new URL(`./devnet-guard${extname(import.meta.url)}`, import.meta.url))

/**
 * A local chain in its own process, which ends with ours, however ours ends. Throws `unavailable` when it cannot start:
 * no anvil, a port in use, a state file in use.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { port = 0, chainId = 31337, log = () => {} } = options
  const stateFile = resolve(options.stateFile)
  const lockFile = `${stateFile}.lock`
  const program = anvilProgram()
  await mkdir(dirname(stateFile), { recursive: true })
  await releaseLock(lockFile, stateFile)
  await rm(cacheOf(stateFile), { recursive: true, force: true })
  const mended = await settleState(stateFile)
  if (mended) log(mended)

  const guard = spawnGuard([lockFile, program, ...anvilArguments({ stateFile, port, chainId })])
  const exited = once(guard, 'close').then(async ([code]) => {
    await sweepAfter(guard.pid, lockFile, stateFile)
    return code as number | null
  })
  const stop = async () => {
    guard.stdin.end()
    await exited
  }
  try {
    const report = await firstReport(guard, port)
    const rpcUrl = `http://127.0.0.1:${report.port}`
    const client = createChainClient({ rpcUrls: [rpcUrl], chainId })
    await assertChain(client)
    await silence(client)
    await firstDump(stateFile)
    return { rpcUrl, port: report.port, chainId, accounts: devnetAccounts(), pid: report.pid, stop, exited }
  } catch (error) {
    await stop()
    throw error
  }
}

function anvilArguments({ stateFile, port, chainId }: { stateFile: string; port: number; chainId: number }): string[] {
  const flags = {
    '--host': '127.0.0.1',
    '--port': port,
    '--chain-id': chainId,
    '--hardfork': 'osaka',
    '--mnemonic': DEVNET_MNEMONIC,
    '--accounts': DEVNET_ACCOUNTS,
    '--state': stateFile,
    '--cache-path': cacheOf(stateFile), // else it writes into the home folder
    '--state-interval': 1, // without it only a graceful end leaves a file
  }
  return [
    ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]),
    '--enable-tx-gas-limit',
    '--no-cors',
  ]
}

function cacheOf(stateFile: string): string {
  return `${stateFile}.cache`
}

/** In a process group of its own: Ctrl-C must not reach the chain before those who still use it. */
function spawnGuard(order: string[]): Guard {
  const guard = spawn(process.execPath, [guardModule, ...order], { detached: true, stdio: 'pipe' })
  guard.stdin.on('error', () => {}) // it may be gone when we hang up
  return guard
}

async function firstReport(guard: Guard, port: number): Promise<GuardReport> {
  const complaints: string[] = []
  createInterface(guard.stderr).on('line', (line) => complaints.push(line))
  const signal = AbortSignal.timeout(START_TIMEOUT)
  const line = once(createInterface(guard.stdout), 'line', { signal })
  const report = await Promise.race([line, once(guard, 'close')]).catch(() => [])
  if (typeof report[0] === 'string') return JSON.parse(report[0])
  throw failure(port, complaints.join('\n'))
}

function failure(port: number, complaints: string): DomainError {
  if (/address already in use/i.test(complaints)) {
    return new DomainError(
      'unavailable',
      `Port ${port} on 127.0.0.1 is in use: stop the program that holds it, or choose another port for the local chain.`,
    )
  }
  if (/EEXIST/.test(complaints)) {
    return new DomainError('unavailable', 'Another local chain has just started on this state file: use that one.')
  }
  return new DomainError('unavailable', `The local chain did not start: ${complaints || 'anvil said nothing'}.`)
}

/** Until now anvil told where it listens; from here on it would log every call. */
async function silence(client: ChainClient): Promise<void> {
  await client.request<{ Method: 'anvil_setLoggingEnabled'; Parameters: [boolean]; ReturnType: null }>({
    method: 'anvil_setLoggingEnabled',
    params: [false],
  })
}

/** A chain is ready when a crash can no longer lose its genesis. */
async function firstDump(stateFile: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT
  while (performance.now() < deadline) {
    try {
      return await access(stateFile)
    } catch {
      await delay(20)
    }
  }
  throw new DomainError(
    'unavailable',
    `The local chain wrote no state to ${stateFile}: check that the folder is writable.`,
  )
}
