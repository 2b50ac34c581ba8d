import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, RemovalEntity } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openVerifierDatabase } from './database.ts'
import { EquivocationEntity } from './entities.ts'
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
    expect(await store.listTrust()).to.deep.equal([{ ...changed, statusToken: null }])
  })

  it('keeps a status token that is not named as long as the origin stays, and removes it when told to', async () => {
    const store = createStore(database)
    const trust = {
      did: 'did:key:z6Mk',
      roles: ['*'],
      minSensitivity: 'low',
      createdAt: 1_000,
      changedBy: null,
    } as const
    const put = async (statusUrl: string, statusToken?: Uint8Array | null) => {
      await store.putTrust({ ...trust, roles: ['*'], statusUrl, ...(statusToken !== undefined && { statusToken }) })
      const [kept] = await store.listTrust()
      return kept!.statusToken && [...kept!.statusToken]
    }
    const here = 'https://issuer.example/status'
    expect(await put(here, Buffer.of(1, 2))).to.deep.equal([1, 2])
    expect(await put(here)).to.deep.equal([1, 2])
    expect(await put('https://issuer.example/other')).to.deep.equal([1, 2])
    expect(await put(here, Buffer.of(3))).to.deep.equal([3])
    expect(await put(here, null)).to.equal(null)
    for (const elsewhere of [
      'http://issuer.example/status',
      'https://issuer.example:8443/',
      'https://other.example/',
    ]) {
      await put(here, Buffer.of(4))
      expect(await put(elsewhere), elsewhere).to.equal(null)
    }
  })

  it('says who removed an issuer from it, and cleared what it was convicted of', async () => {
    const store = createStore(database)
    const conviction = { issuer: 'did:key:z6Mk', epoch: 0, heads: [], foundAt: 2_500, clearedAt: null, clearedBy: null }
    await database.transaction((tx) => tx.insert(EquivocationEntity, conviction))
    expect(await store.removeTrust('did:key:z6Mk', { by: 'key:carol', at: 3_000 })).to.equal(true)
    expect(await store.removeTrust('did:key:z6Mk', { by: 'key:dave', at: 4_000 })).to.equal(false)
    const cleared = { ...conviction, clearedAt: 3_000, clearedBy: 'key:carol' }
    expect(await database.read.find(EquivocationEntity)).to.deep.equal([cleared])
    const removals = await database.read.find(RemovalEntity, {
      select: { kind: true, subject: true, removedBy: true, removedAt: true },
    })
    expect(removals).to.deep.equal([
      { kind: 'trusted issuer', subject: 'did:key:z6Mk', removedBy: 'key:carol', removedAt: 3_000 },
    ])
  })
})
