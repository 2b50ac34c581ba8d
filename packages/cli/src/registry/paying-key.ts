import { readFileSync } from 'node:fs'
import { ConfigError } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'

/** The key in the file, or that of the environment: arguments can be seen by others. */
export function payingKey(env: Env, variable: string, keyFile: string | undefined): `0x${string}` {
  const text = keyFile ? readKeyFile(keyFile) : env[variable]
  if (!text) throw new ConfigError([`No account pays: name its key with --private-key-file, or set ${variable}.`])
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as `0x${string}`
  throw new ConfigError([`${keyFile ?? variable} must hold a private key: 0x and 64 hex digits`])
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new ConfigError([`--private-key-file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`])
  }
}
