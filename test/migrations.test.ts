import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations as issuerMigrations } from '@consulate/migrations/issuer'
import { migrations as verifierMigrations } from '@consulate/migrations/verifier'
import { migrations as walletMigrations } from '@consulate/migrations/wallet'
import { migrationsOf, openDatabase, schemaDrift } from '@consulate/server'
import { expect } from 'chai'
import { entities as issuerEntities } from '../packages/issuer/src/adapters/entities.ts'
import { entities as verifierEntities } from '../packages/verifier/src/adapters/entities.ts'
import { entities as walletEntities } from '../packages/wallet/src/adapters/entities.ts'
import { DATABASES, type DatabaseKind } from './system/databases.ts'
import { migrateUntil } from './system/migrate-until.ts'

const SERVICES = {
  issuer: { entities: issuerEntities, migrations: issuerMigrations },
  wallet: { entities: walletEntities, migrations: walletMigrations },
  verifier: { entities: verifierEntities, migrations: verifierMigrations },
}

/** Every so many statements one of them is where migrating is broken off. */
const STEP: Record<DatabaseKind, number> = { SQLite: 1, PostgreSQL: 7 }

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

      it(`of the ${service} go on where they were broken off, at whatever statement`, async function () {
        this.timeout(180_000) // a database for each of them
        const step = STEP[kind as DatabaseKind]
        let finished = false
        let statement = 1
        for (; !finished; statement += step) {
          const url = await newDatabase(folder, `${service}-broken-${statement}`)
          finished = await migrateUntil(url, migrations, statement)
          const database = await openDatabase({ url, ...schema })
          expect(await schemaDrift(database), `broken off at statement ${statement}`).to.deep.equal([])
          await database.close()
        }
        expect(statement).to.be.above(migrations.length + step)
      })
    }
  })
