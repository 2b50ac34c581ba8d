import { spawn } from 'node:child_process'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LockHolder } from './devnet-lock.ts'

/** The one line the guard prints once anvil listens. */
export interface GuardReport {
  pid: number
  port: number
}

const STOP_TIMEOUT = 5_000

const [lockFile = '', program = '', ...anvilArguments] = process.argv.slice(2)
takeLock({ guard: process.pid })
const anvil = spawn(program, anvilArguments, { stdio: ['ignore', 'pipe', 'pipe'] })
updateLock({ guard: process.pid, anvil: anvil.pid })

anvil.on('error', (error) => console.error(error.message))
anvil.on('close', (code) => {
  rmSync(lockFile, { force: true })
  process.exit(code ?? 1)
})
anvil.stderr.pipe(process.stderr)
createInterface(anvil.stdout).on('line', (line) => {
  const port = /^Listening on .*:(\d+)$/.exec(line)?.[1]
  if (port) console.log(JSON.stringify({ pid: anvil.pid, port: Number(port) }))
})

// Standard input ends when the user of the devnet stops it, exits, or is killed.
process.stdin.on('end', stop).on('error', stop).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

/** SIGTERM has anvil write its state. */
function stop(): void {
  updateLock({ guard: process.pid, anvil: anvil.pid, stopping: true })
  anvil.kill('SIGTERM')
  setTimeout(() => anvil.kill('SIGKILL'), STOP_TIMEOUT).unref()
}

/** Fails when the file is there: two devnets never share one state. */
function takeLock(holder: LockHolder): void {
  writeFileSync(lockFile, JSON.stringify(holder), { flag: 'wx' })
}

function updateLock(holder: LockHolder): void {
  const draft = `${lockFile}.${process.pid}`
  writeFileSync(draft, JSON.stringify(holder))
  renameSync(draft, lockFile)
}
