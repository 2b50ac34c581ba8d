import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations as issuer } from '@consulate/migrations/issuer'
import { migrations as verifier } from '@consulate/migrations/verifier'
import { migrations as wallet } from '@consulate/migrations/wallet'
import { migrationsOf } from '@consulate/server'
import { DATABASES, type DatabaseKind } from './databases.ts'
import { copyDatabase } from './postgres.ts'

const MIGRATIONS = { issuer, wallet, verifier }

type Service = keyof typeof MIGRATIONS
type Copy = (folder: string, name: string) => Promise<string>

const models = new Map<string, Promise<Copy>>()

/** Where a new database of a service is, its tables made: a copy of one that is migrated once in this process. */
export async function migratedDatabase(
  kind: DatabaseKind,
  service: Service,
  folder: string,
  name: string = service,
): Promise<string> {
  const key = `${service} on ${kind}`
  const model = models.get(key) ?? makeModel(kind, service)
  models.set(key, model)
  return (await model)(folder, name)
}

async function makeModel(kind: DatabaseKind, service: Service): Promise<Copy> {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-model-'))
  try {
    const url = await DATABASES[kind](folder, service)
    await migrationsOf({ url, entities: [], migrations: MIGRATIONS[service] }).up()
    if (kind === 'PostgreSQL') return () => copyDatabase(url)
    const content = readFileSync(url.slice('sqlite:'.length))
    return async (where, name) => {
      const file = join(where, `${name}.sqlite`)
      writeFileSync(file, content, { mode: 0o600 })
      return `sqlite:${file}`
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
