import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkStatusListCredential, getBit } from '@consulate/core'
import { type Database, recent } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { IssuerIdentity, Store } from '../ports.ts'
import { issuerContext, unsignedIdentity } from './issuer-context.test.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { readHead } from './read-head.ts'
import { readStatusList } from './read-status-list.ts'
import { renewHead } from './renew-head.ts'

const DID = unsignedIdentity.did
const DAY = 86_400

describeOnEach('the status lists that an issuer serves', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let context: ReturnType<typeof newContext>
  let now = 1_767_225_600
  let signed = 0

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-serve-'))
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder) })
    store = createStore(database)
    context = newContext()
    await ensureOpenLists(context)
    await publishHeads(context)
  })

  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(() => {
    signed = 0
  })

  const read = async () => JSON.parse(await readStatusList(context, await listId()))

  it('are signed once for each head, however many ask', async () => {
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, read))
    expect(signed).to.equal(1)
    for (const other of others) expect(other).to.deep.equal(first)
    const bits = checkStatusListCredential(first, { url: first.id, issuer: DID, purpose: 'revocation', now })
    expect(getBit(bits, 0)).to.equal(false)
  })

  it('are those of a new head as soon as it is signed', async () => {
    const before = await read()
    now += DAY
    await renewHead(context)
    const after = await read()
    expect(Date.parse(after.validFrom) - Date.parse(before.validFrom)).to.equal(DAY * 1000)
    expect((await context.newestHead()).head.version).to.equal(2)
  })

  it('are looked up without the database when they are unknown', async () => {
    await context.newestHead()
    const without = { ...context, store: {} as Store }
    for (const id of ['nothing', 'lists/nothing', ''])
      expect(await readStatusList(without, id).catch((error) => error)).to.include({ code: 'status_list_not_found' })
  })

  it('are signed anew when signing failed', async () => {
    context.signedLists.clear()
    const failing = { ...identity, signCredential: () => Promise.reject(new Error('no key')) }
    const id = await listId()
    expect(await readStatusList({ ...context, identity: failing }, id).catch((error) => error.message)).to.equal(
      'no key',
    )
    expect(await read()).to.have.property('issuer', DID)
  })

  async function listId(): Promise<string> {
    const [row] = await database.read.sql<{ id: string }[]>`SELECT id FROM status_list WHERE purpose = 'revocation'`
    return row!.id
  }

  const identity: IssuerIdentity = {
    ...unsignedIdentity,
    signCredential: (credential) => {
      signed++
      return unsignedIdentity.signCredential(credential)
    },
  }

  function newContext() {
    let lists = 0
    const context = issuerContext(store, () => now, identity)
    const newestHead = recent(60_000, () => readHead(context))
    return { ...context, newestHead, random: { uuid: () => `list-${++lists}` } }
  }
})
