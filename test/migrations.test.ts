import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations as issuerMigrations } from '@consulate/migrations/issuer'
import { migrations as verifierMigrations } from '@consulate/migrations/verifier'
import { migrations as walletMigrations } from '@consulate/migrations/wallet'
import { openDatabase, schemaDrift } from '@consulate/server'
import { expect } from 'chai'
import { DataSource } from 'typeorm'
import { entities as issuerEntities } from '../packages/issuer/src/adapters/entities.ts'
import { entities as verifierEntities } from '../packages/verifier/src/adapters/entities.ts'
import { entities as walletEntities } from '../packages/wallet/src/adapters/entities.ts'

const SERVICES = {
  issuer: { entities: issuerEntities, migrations: issuerMigrations },
  wallet: { entities: walletEntities, migrations: walletMigrations },
  verifier: { entities: verifierEntities, migrations: verifierMigrations },
}

describe('migrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-migrations-'))
  after(() => rmSync(folder, { recursive: true }))

  for (const [service, { entities, migrations }] of Object.entries(SERVICES)) {
    it(`make exactly the tables that the ${service}'s entities describe`, async () => {
      const database = await openDatabase({ url: `sqlite:${join(folder, service)}`, entities, migrations })
      expect(await schemaDrift(database)).to.deep.equal([])
      await database.close()
    })

    it(`take the ${service}'s tables away again, and make them anew`, async () => {
      const source = new DataSource({ type: 'better-sqlite3', database: join(folder, `${service}-down`), migrations })
      await source.initialize()
      const tables = async () => {
        const rows: { name: string }[] = await source.query(`SELECT name FROM sqlite_master WHERE type = 'table'`)
        return rows.map(({ name }) => name).filter((name) => name !== 'migrations' && !name.startsWith('sqlite_'))
      }
      await source.runMigrations()
      const made = await tables()
      expect(made).to.not.be.empty
      for (const _migration of migrations) await source.undoLastMigration()
      expect(await tables()).to.deep.equal([])
      await source.runMigrations()
      expect(await tables()).to.have.members(made)
      await source.destroy()
    })
  }
})
