import { dirname } from 'node:path'

/** Said once, by the start that makes them. */
export function warnOfNewKeys(files: readonly string[]): void {
  if (files.length === 0) return
  process.stderr.write(
    `warning: root keys were made in ${dirname(files[0]!)}; in production give each service its own by ` +
      'CONSULATE_ISSUER_MASTER_KEY, CONSULATE_WALLET_MASTER_KEY and CONSULATE_VERIFIER_MASTER_KEY.\n',
  )
}
