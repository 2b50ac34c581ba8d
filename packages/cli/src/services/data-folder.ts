import { join, resolve } from 'node:path'

export type Env = Record<string, string | undefined>

/** Where a Consulate of one machine keeps what it must not lose. */
export function dataFolder(env: Env): string {
  return resolve(env.CONSULATE_DATA || '.consulate')
}

/** Where a Consulate that runs with this data folder says how to reach it. */
export function endpointsFile(folder: string): string {
  return join(folder, 'endpoints.json')
}
