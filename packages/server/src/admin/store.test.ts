import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '@consulate/migrations/wallet'
import { expect } from 'chai'
import { DATABASES, describeOnEach } from '../../../../test/system/databases.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import type { Actor } from './administrator.ts'
import { AdministratorEntity } from './entity.ts'
import { type AdministratorStore, createAdministratorStore } from './store.ts'

describeOnEach('the records of administrators', (kind) => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-administrators-'))
  })
  let database: Database
  let store: AdministratorStore

  before(async () => {
    const url = await DATABASES[kind](folder, 'administrators')
    database = await openDatabase({ url, entities: [AdministratorEntity], migrations })
    store = createAdministratorStore(database)
    for (const id of ['b', 'a', 'c']) await store.add(record(id))
  })
  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const record = (id: string) => ({
    id,
    name: 'alice',
    scopes: ['issue' as const, 'read' as const],
    keyHash: `hash of ${id}`,
    createdAt: 1_767_225_600,
    createdBy: 'bootstrap' as const,
    expiresAt: 1_767_225_660,
    revokedAt: null,
    revokedBy: null,
  })

  it('are found by the hash of the key', async () => {
    expect(await store.findByKeyHash('hash of b')).to.deep.equal(record('b'))
    expect(await store.findByKeyHash('hash of z')).to.equal(undefined)
  })

  it('are listed in the order of their ids, after one of them', async () => {
    const ids = async (after: string | undefined, limit: number) =>
      (await store.list({ after, limit })).map(({ id }) => id)
    expect(await ids(undefined, 2)).to.deep.equal(['a', 'b'])
    expect(await ids('a', 9)).to.deep.equal(['b', 'c'])
    expect(await ids('c', 9)).to.deep.equal([])
  })

  it('keep the first of many revocations', async () => {
    const attempts = Array.from({ length: 10 }, (_, i) => store.revoke('c', `key:${i}` as Actor, 1_767_225_601 + i))
    expect(await Promise.all(attempts)).to.deep.equal(attempts.map(() => true))
    const revoked = await store.findByKeyHash('hash of c')
    expect(revoked).to.include({ revokedAt: 1_767_225_601 + Number(revoked!.revokedBy!.slice('key:'.length)) })
    expect(await store.revoke('c', 'bootstrap', 1_800_000_000)).to.equal(true)
    expect(await store.findByKeyHash('hash of c')).to.deep.equal(revoked)
  })

  it('cannot be revoked when they are not there', async () => {
    expect(await store.revoke('z', 'bootstrap', 1_767_225_601)).to.equal(false)
  })
})
