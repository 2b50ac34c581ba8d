import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashHead } from '@consulate/core'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { Store } from '../ports.ts'
import { issuerContext } from './issuer-context.test.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { renewHead } from './renew-head.ts'

const BEGIN = 1_767_225_600
const DAY = 86_400

describeOnEach('renewing the head', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let now: number

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-renewal-'))
  })
  beforeEach(async () => {
    now = BEGIN
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder, randomUUID()) })
    store = createStore(database)
    await ensureOpenLists(context())
    await publishHeads(context())
  })

  afterEach(() => database.close())
  after(() => rmSync(folder, { recursive: true }))

  it('leaves a head alone in the first half of its life', async () => {
    now = BEGIN + DAY / 2 - 1
    await renewHead(context())
    expect((await store.lastSignedHead())!.version).to.equal(1)
  })

  it('signs one that says the same and lives on, in the second half', async () => {
    const first = (await store.lastSignedHead())!
    now = BEGIN + DAY / 2
    await renewHead(context())
    const second = (await store.lastSignedHead())!
    expect(second).to.include({ version: 2, prev: hashHead(first), root: first.root, signature: '0x22' })
    expect(second).to.include({ issuedAt: now, validUntil: now + DAY })
    await renewHead(context())
    expect((await store.lastSignedHead())!.version).to.equal(2)
  })

  it('is done once when several instances find it due', async () => {
    now = BEGIN + DAY
    await Promise.all([1, 2, 3].map(() => renewHead(context())))
    expect((await store.lastSignedHead())!.version).to.equal(2)
  })

  /** As of one instance. */
  const context = () => issuerContext(store, () => now)
})
