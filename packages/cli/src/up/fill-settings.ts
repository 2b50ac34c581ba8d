import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, listen, randomToken, sealedFile } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { databaseUrl } from './database-url.ts'
import type { Secret } from './keep-secrets.ts'
import type { Ports } from './ports.ts'
import { readSecretFiles } from './read-secret-files.ts'
import { selfSignedTls } from './self-signed.ts'

const DEFAULT_PORTS: Record<ServiceName, number> = { issuer: 7100, wallet: 7200, verifier: 7300 }

export interface Settings {
  /** The environment with what the data folder adds. */
  env: Env
  /** Made just now and in no file yet: a start that is refused leaves none behind. */
  made: Secret[]
}

/**
 * Adds what is not configured from the data folder: databases, ports, the admin token, root keys and a certificate, made
 * when missing. Throws a ConfigError instead of making a root key for a database that has had another.
 */
export async function fillSettings(
  env: Env,
  folder: string,
  services: readonly ServiceName[],
  ports: Ports,
): Promise<Settings> {
  const filled = await selfSignedTls(readSecretFiles(env), folder)
  const made: Secret[] = []
  const mistakes: string[] = []
  const fill = (variable: string, make: () => string) => {
    filled[variable] ||= make()
  }
  const keptOr = (kind: Secret['kind'], file: string, make: () => string): string => {
    const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
    if (kept === '') mistakes.push(`${file} is empty; put the ${kind} back into it, or remove it to have one made`)
    if (kept !== undefined) return kept
    const value = make()
    made.push({ kind, file, value })
    return value
  }
  for (const service of services) {
    const prefix = `CONSULATE_${service.toUpperCase()}`
    fill(`${prefix}_DATABASE_URL`, () => databaseUrl(env, folder, service))
    fill(`${prefix}_PORT`, () => String(DEFAULT_PORTS[service]))
    if (filled[`${prefix}_PORT`] === '0') filled[`${prefix}_PORT`] = String(await keepFreePort(service, ports))
    if (filled.CONSULATE_MASTER_KEY || filled[`${prefix}_MASTER_KEY`]) continue
    const file = join(folder, 'keys', `${service}.key`)
    const sealed = existsSync(file) ? undefined : sealedFile(filled[`${prefix}_DATABASE_URL`]!)
    if (sealed) mistakes.push(keyIsGone(`${prefix}_MASTER_KEY`, file, sealed))
    else fill(`${prefix}_MASTER_KEY`, () => keptOr('root key', file, () => randomBytes(32).toString('base64url')))
  }
  fill('CONSULATE_ADMIN_TOKEN', () =>
    keptOr('admin token', join(folder, 'admin-token'), () => randomToken('admin').token),
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { env: filled, made }
}

function keyIsGone(variable: string, file: string, database: string): string {
  return (
    `${variable} is missing and so is ${file}, while ${database} exists, which a new key does not open; ` +
    'restore that file, set the variable, or use another database'
  )
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
