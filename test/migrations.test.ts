import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrations as issuerMigrations } from '@consulate/migrations/issuer'
import { migrations as verifierMigrations } from '@consulate/migrations/verifier'
import { migrations as walletMigrations } from '@consulate/migrations/wallet'
import { migrationsOf, openDatabase, schemaDrift } from '@consulate/server'
import { expect } from 'chai'
import { entities as issuerEntities } from '../packages/issuer/src/adapters/entities.ts'
import { entities as verifierEntities } from '../packages/verifier/src/adapters/entities.ts'
import { entities as walletEntities } from '../packages/wallet/src/adapters/entities.ts'
import { DATABASES } from './system/databases.ts'

const SERVICES = {
  issuer: { entities: issuerEntities, migrations: issuerMigrations },
  wallet: { entities: walletEntities, migrations: walletMigrations },
  verifier: { entities: verifierEntities, migrations: verifierMigrations },
}

for (const [kind, newDatabase] of Object.entries(DATABASES))
  describe(`migrations on ${kind}`, () => {
    let folder: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'consulate-migrations-'))
    })
    after(() => rmSync(folder, { recursive: true }))

    for (const [service, schema] of Object.entries(SERVICES)) {
      const { migrations } = schema

      it(`make exactly the tables that the ${service}'s entities describe`, async () => {
        const database = await openDatabase({ url: await newDatabase(folder, service), ...schema })
        expect(await schemaDrift(database)).to.deep.equal([])
        await database.close()
      })

      it(`take the ${service}'s tables away again, and make them anew`, async () => {
        const options = { url: await newDatabase(folder, `${service}-down`), ...schema }
        const names = migrations.map((migration) => new migration().name)
        const states = (executed: boolean) => names.map((name) => ({ name, executed }))
        const migrated = migrationsOf(options)
        expect(await migrated.status()).to.deep.equal(states(false))
        expect(await migrated.up()).to.deep.equal(names)
        expect(await migrated.status()).to.deep.equal(states(true))
        expect(await migrated.down(0)).to.deep.equal(names.toReversed())
        expect(await migrated.status()).to.deep.equal(states(false))
        expect(await migrated.up()).to.deep.equal(names)
        const database = await openDatabase(options)
        expect(await schemaDrift(database)).to.deep.equal([])
        await database.close()
      })

      it(`of the ${service} go on where a process was killed, at whatever statement`, async function () {
        this.timeout(180_000) // a process and a database for each statement
        for (let statement = 1, killed = true; killed; statement += 5) {
          const url = await newDatabase(folder, `${service}-killed-${statement}`)
          killed = (await migrateUntil(service, url, statement)) === 'killed'
          const database = await openDatabase({ url, ...schema })
          expect(await schemaDrift(database), `killed at statement ${statement}`).to.deep.equal([])
          await database.close()
        }
      })
    }
  })

/** Migrates in a process that kills itself before it sends that statement. */
async function migrateUntil(service: string, url: string, statement: number): Promise<'killed' | 'done'> {
  const script = fileURLToPath(new URL('system/migrate-until.ts', import.meta.url))
  const child = spawn(process.execPath, [script, service, url, String(statement)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code, signal] = await once(child, 'exit')
  if (signal === 'SIGKILL') return 'killed'
  expect(code).to.equal(0)
  return 'done'
}
