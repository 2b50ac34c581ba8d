import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { listen, randomToken } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { databaseUrl } from './database-url.ts'
import type { Ports } from './ports.ts'
import { keepInFile } from './private-file.ts'
import { readSecretFiles } from './read-secret-files.ts'
import { selfSignedTls } from './self-signed.ts'

const DEFAULT_PORTS: Record<ServiceName, number> = { issuer: 7100, wallet: 7200, verifier: 7300 }

export interface Settings {
  /** The environment with what the data folder adds. */
  env: Env
  /** Files of root keys that were made just now. */
  madeKeys: string[]
}

/** Adds what is not configured from the data folder: databases, ports, the admin token, root keys and a certificate, made when missing. */
export async function fillSettings(
  env: Env,
  folder: string,
  services: readonly ServiceName[],
  ports: Ports,
): Promise<Settings> {
  const filled = await selfSignedTls(readSecretFiles(env), folder)
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
