import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Env } from '../services/data-folder.ts'
import { findServices, type Services } from '../services/find-services.ts'
import { SERVICES } from '../services/service-names.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface Instance {
  services: Services
  kind: 'running' | 'temporary'
}

/** Plays on the Consulate that runs here; when none does, on one of its own that leaves nothing behind. */
export async function withInstance<Result>(
  env: Env,
  terminal: Terminal,
  play: (instance: Instance) => Promise<Result>,
): Promise<Result> {
  const running = await findRunning(env)
  return running ? play({ services: running, kind: 'running' }) : onTemporary(terminal, play)
}

/** Throws when services that the environment names do not answer: nobody asked for others. */
async function findRunning(env: Env): Promise<Services | undefined> {
  const isNamed = SERVICES.some((service) => env[`CONSULATE_${service.toUpperCase()}_URL`])
  try {
    const services = findServices(env)
    await Promise.all(SERVICES.map((service) => assertHealthy(services.address(service))))
    return services
  } catch (error) {
    if (isNamed) throw error
    return undefined
  }
}

async function assertHealthy(url: string): Promise<void> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
}

async function onTemporary<Result>(terminal: Terminal, play: (instance: Instance) => Promise<Result>): Promise<Result> {
  const progress = await terminal.progress('Starting a Consulate for the demo')
  const { startAll } = await import('../up/start-all.ts')
  const stopping = new AbortController()
  const folder = mkdtempSync(join(tmpdir(), 'consulate-demo-'))
  const starting = startAll(temporaryEnv(folder), { report: progress.update, signal: stopping.signal })
  const end = async () => {
    const consulate = await starting.catch(() => undefined)
    await consulate?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupted = () => {
    stopping.abort()
    void end().finally(() => process.exit(130))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)
  try {
    await starting
    progress.stop()
    return await play({ services: findServices({ CONSULATE_DATA: folder }), kind: 'temporary' })
  } finally {
    progress.stop()
    await end()
  }
}

function temporaryEnv(folder: string): Env {
  return {
    CONSULATE_DATA: folder,
    CONSULATE_ISSUER_PORT: '0',
    CONSULATE_WALLET_PORT: '0',
    CONSULATE_VERIFIER_PORT: '0',
    CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url'),
    CONSULATE_LOG_LEVEL: 'silent',
  }
}
