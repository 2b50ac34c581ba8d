import { dirname } from 'node:path'
import { writePrivateFile } from './private-file.ts'

/** What a start makes for itself, and the file in which the next one looks for it. */
export interface Secret {
  kind: 'root key' | 'admin token'
  file: string
  value: string
}

/** Writes secrets that were made, and warns of root keys: only the start that makes them can. */
export function keepSecrets(made: readonly Secret[]): void {
  for (const { file, value } of made) writePrivateFile(file, `${value}\n`)
  const rootKey = made.find(({ kind }) => kind === 'root key')
  if (!rootKey) return
  process.stderr.write(
    `warning: root keys were made in ${dirname(rootKey.file)}; in production give each service its own by ` +
      'CONSULATE_ISSUER_MASTER_KEY, CONSULATE_WALLET_MASTER_KEY and CONSULATE_VERIFIER_MASTER_KEY.\n',
  )
}
