import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openVerifierDatabase } from './database.ts'
import { createStore } from './store.ts'

describeOnEach("the verifier's trust list", (kind) => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-trust-'))
  })
  let database: Database

  before(async () => {
    database = await openVerifierDatabase({ url: await migratedDatabase(kind, 'verifier', folder) })
  })
  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('keeps since when an issuer is trusted, and says who changed for what last', async () => {
    const store = createStore(database)
    const statusUrl = 'https://issuer.example/status'
    const first = { did: 'did:key:z6Mk', roles: ['*'], statusUrl, minSensitivity: 'low', createdAt: 1_000 } as const
    expect(await store.putTrust({ ...first, roles: ['*'], changedBy: 'key:alice' })).to.equal(true)
    const changed = { ...first, roles: ['payments.*'], changedBy: 'key:bob' }
    expect(await store.putTrust({ ...changed, createdAt: 2_000 })).to.equal(false)
    expect(await store.listTrust()).to.deep.equal([changed])
  })
})
