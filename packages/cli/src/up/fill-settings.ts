import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, listen, randomToken } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import { SERVICES, type ServiceName } from '../services/find-services.ts'
import { databaseUrl } from './database-url.ts'
import type { Ports } from './ports.ts'
import { keepInFile } from './private-file.ts'

const DEFAULT_PORTS: Record<ServiceName, number> = { issuer: 7100, wallet: 7200, verifier: 7300 }

export interface Settings {
  /** The environment with what the data folder adds. */
  env: Env
  /** Files of root keys that were made just now. */
  madeKeys: string[]
}

/** Adds what is not configured from the data folder: databases, ports, the admin token and root keys, made when missing. */
export async function fillSettings(
  env: Env,
  folder: string,
  services: readonly ServiceName[],
  ports: Ports,
): Promise<Settings> {
  const filled = readKeyFiles(env)
  const madeKeys: string[] = []
  const fill = (variable: string, make: () => string) => {
    filled[variable] ||= make()
  }
  for (const service of services) {
    const prefix = `CONSULATE_${service.toUpperCase()}`
    fill(`${prefix}_DATABASE_URL`, () => databaseUrl(env, folder, service))
    fill(`${prefix}_PORT`, () => String(DEFAULT_PORTS[service]))
    if (filled[`${prefix}_PORT`] === '0') filled[`${prefix}_PORT`] = String(await keepFreePort(service, ports))
    if (filled.CONSULATE_MASTER_KEY) continue
    fill(`${prefix}_MASTER_KEY`, () => {
      const file = join(folder, 'keys', `${service}.key`)
      const { value, made } = keepInFile(file, () => randomBytes(32).toString('base64url'))
      if (made) madeKeys.push(file)
      return value
    })
  }
  fill('CONSULATE_ADMIN_TOKEN', () => keepInFile(join(folder, 'admin-token'), () => randomToken('admin').token).value)
  return { env: filled, madeKeys }
}

/** Chosen and kept before anything is served there: what an issuer signs names its address. */
async function keepFreePort(service: ServiceName, ports: Ports): Promise<number> {
  const kept = ports.kept(service)
  if (kept !== undefined) return kept
  const { port, close } = await listen('127.0.0.1', 0)
  await close()
  ports.keep(service, port)
  return port
}

/** `CONSULATE_MASTER_KEY_FILE` and one per service: paths of files that hold what the variable without `_FILE` would. */
function readKeyFiles(env: Env): Env {
  const filled = { ...env }
  const mistakes: string[] = []
  for (const part of ['', ...SERVICES.map((service) => `${service.toUpperCase()}_`)]) {
    const variable = `CONSULATE_${part}MASTER_KEY`
    const file = env[`${variable}_FILE`]
    if (!file || env[variable]) continue
    try {
      filled[variable] = readFileSync(file, 'utf8').trim()
    } catch (error) {
      mistakes.push(`${variable}_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`)
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return filled
}
