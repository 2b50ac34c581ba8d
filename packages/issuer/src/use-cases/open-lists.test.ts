import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashHead, headRoot, LIST_BITS } from '@consulate/core'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { Store } from '../ports.ts'
import { issueRole } from './issue-role.ts'
import { issuerContext } from './issuer-context.test.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'

describeOnEach('opening status lists', (kind) => {
  let folder: string
  let database: Database
  let store: Store

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-lists-'))
  })
  beforeEach(async () => {
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder, randomUUID()) })
    store = createStore(database)
    await ensureOpenLists(context())
    await publishHeads(context())
    const role = {
      description: 'x',
      maxValiditySeconds: 60,
      sensitivity: 'low' as const,
      claimsSchema: null,
      changedBy: 'bootstrap',
    }
    await store.transaction((tx) => tx.putRole({ role: 'a.role', ...role }))
  })

  afterEach(() => database.close())
  after(() => rmSync(folder, { recursive: true }))

  it('opens one list for each purpose at the first start and none at the second', async () => {
    expect(await lists()).to.have.lengthOf(2)
    await ensureOpenLists(context())
    expect(await lists()).to.have.lengthOf(2)
  })

  it('opens the next list while the one in use has room, so that every verifier knows it before it is needed', async () => {
    await useUp(Math.floor(LIST_BITS * 0.6) - 1)
    const before = await lists()
    const first = await issue()
    expect(await lists()).to.have.lengthOf(4)
    expect(before.map(({ url }) => url)).to.include(listOf(first))
    expect(listOf(await issue())).to.equal(listOf(first))
    expect(await lists()).to.have.lengthOf(4)
  })

  it('closes a list when its time has come and goes on in the next', async () => {
    await useUp(Math.floor(LIST_BITS * 0.6) - 1)
    const old = listOf(await issue())
    await useUp(Math.floor(LIST_BITS * 0.7) - 1)
    expect(listOf(await issue())).to.equal(old)
    const next = await Promise.all(Array.from({ length: 20 }, issue))
    expect(new Set(next.map(listOf)).size).to.equal(1)
    expect(listOf(next[0]!)).to.not.equal(old)
    expect(await lists()).to.have.lengthOf(4)
  })

  it('names every list in a signed head, each head after the one before it', async () => {
    const first = (await store.lastSignedHead())!
    await useUp(Math.floor(LIST_BITS * 0.6) - 1)
    await issue()
    const head = (await store.lastSignedHead())!
    expect(head.version).to.equal(2)
    const entries = await store.entriesAt(head)
    expect(entries).to.have.lengthOf(4)
    expect(headRoot(entries)).to.equal(head.root)
    expect(head.prev).to.equal(hashHead(first))
  })

  /** As of a process that has just started: it has set nothing aside. */
  const context = () => issuerContext(store, () => 1_767_225_600)

  const issue = () => issueRole(context(), { agent: AGENT, role: 'a.role', operator: 'ops', by: 'bootstrap' })

  function listOf({ credential }: Awaited<ReturnType<typeof issue>>): string {
    return credential.credentialStatus.find(({ statusPurpose }) => statusPurpose === 'revocation')!.statusListCredential
  }

  function lists(): Promise<{ url: string }[]> {
    return database.read.sql`SELECT url FROM status_list`
  }

  /** As if that many credentials had been issued from every open list. */
  async function useUp(count: number) {
    await database.transaction(
      (tx) => tx.sql`UPDATE status_list SET next_counter = ${count} WHERE next_counter > 0 OR ${count} < 80000`,
    )
  }
})
