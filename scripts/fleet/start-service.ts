import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type ServiceName = 'issuer' | 'wallet' | 'verifier'

/** One instance of a service, in a process of its own. */
export interface Instance {
  url: string
  /** The issuer's DID. */
  did?: string
  pid: number
  /** Sends a signal and resolves with the exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export async function startInstance(
  service: ServiceName,
  env: Record<string, string>,
  nodeOptions: string[] = [],
): Promise<Instance> {
  return startProcess([...nodeOptions, fileURLToPath(new URL('run-service.ts', import.meta.url)), service], env)
}

/** A server that does nothing but echo, for comparison. */
export function startEcho(): Promise<Instance> {
  return startProcess([fileURLToPath(new URL('../bench/http/echo.ts', import.meta.url))], {})
}

async function startProcess(args: string[], env: Record<string, string>): Promise<Instance> {
  const child = spawn(process.execPath, ['--conditions=@consulate/source', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const { url, did } = await firstLine(child)
  return {
    url,
    ...(did !== undefined && { did }),
    pid: child.pid!,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

async function firstLine(child: ChildProcess): Promise<{ url: string; did?: string }> {
  let log = ''
  child.stderr!.on('data', (chunk) => {
    log = (log + chunk).slice(-10_000)
  })
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line)
  throw new Error(`a service ended before it was ready: ${log}`)
}
