import { resolve } from 'node:path'

export type Env = Record<string, string | undefined>

/** Where a Consulate of one machine keeps what it must not lose. */
export function dataFolder(env: Env): string {
  return resolve(env.CONSULATE_DATA || '.consulate')
}
