import { readFileSync } from 'node:fs'
import { ConfigError } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import { SERVICES } from '../services/service-names.ts'

const SERVICE = `(?:(?:${SERVICES.join('|').toUpperCase()})_)`
const SECRET_FILE = new RegExp(
  `^CONSULATE_(?:${SERVICE}?(?:MASTER_KEY|ADMIN_TOKEN)|${SERVICE}DATABASE_URL|RPC_URLS|(?:WALLET_)?RELAYER_KEY)_FILE$`,
)

/** Each variable that is a secret may be given with `_FILE`: the path of a file that holds its value. */
export function readSecretFiles(env: Env): Env {
  const filled = { ...env }
  const mistakes: string[] = []
  for (const [name, file] of Object.entries(env)) {
    const variable = name.replace(/_FILE$/, '')
    if (!SECRET_FILE.test(name) || !file || env[variable]) continue
    try {
      filled[variable] = readFileSync(file, 'utf8').trim()
      if (!filled[variable]) mistakes.push(`${name} names ${file}, which is empty; put the value into it`)
    } catch (error) {
      mistakes.push(`${name} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`)
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return filled
}
