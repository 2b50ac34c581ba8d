import { createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { type System, until } from './start-system.ts'

/** A digest of every row that the three services keep. */
export function storedState({ env }: Pick<System, 'env'>): string {
  const digest = createHash('sha256')
  for (const service of ['ISSUER', 'WALLET', 'VERIFIER'])
    for (const row of rowsOf(databasePath(env, service))) digest.update(row)
  return digest.digest('hex')
}

/** Waits until no job has anything left to write. */
export async function settled({ clients, issuer }: System): Promise<void> {
  await until(async () => {
    const { head, anchor } = await clients.issuer.statusHead()
    const { status } = await clients.verifierAdmin.trusted(issuer.did)
    return anchor.state === 'final' && status?.headVersion === head.version
  })
}

export function databasePath(env: Record<string, string>, service: string): string {
  return env[`CONSULATE_${service}_DATABASE_URL`]!.replace('sqlite:', '')
}

function rowsOf(path: string): string[] {
  const database = new Sqlite(path, { readonly: true })
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).pluck().all()
  const rows = tables.flatMap((table) => database.prepare(`SELECT '${table}' AS "table", * FROM "${table}"`).all())
  database.close()
  return rows.map((row) => JSON.stringify(row)).sort()
}
