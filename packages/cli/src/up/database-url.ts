import { join } from 'node:path'
import type { Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'

/** Where a service's database is: as configured, or a file in the data folder. */
export function databaseUrl(env: Env, folder: string, service: ServiceName): string {
  return env[`CONSULATE_${service.toUpperCase()}_DATABASE_URL`] || `sqlite:${join(folder, `${service}.sqlite`)}`
}
