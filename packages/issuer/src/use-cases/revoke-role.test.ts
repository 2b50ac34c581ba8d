import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { revokeRole } from './revoke-role.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const NOW = 1_767_225_600
const LIFETIME = 3_600

describeOnEach('revoking a role that was granted again and again', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let context: ReturnType<typeof issuerContext>
  let now = NOW

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-revoke-'))
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder) })
    store = createStore(database)
    context = issuerContext(store, () => now)
    await ensureOpenLists(context)
    await publishHeads(context)
    const role = { role: 'a.role', description: 'x', maxValiditySeconds: LIFETIME, sensitivity: 'low' as const }
    await store.transaction((tx) => tx.putRole({ ...role, claimsSchema: null, changedBy: 'bootstrap' }))
  })

  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const issue = async () => {
    const request = { agent: AGENT, role: 'a.role', operator: 'ops', by: 'bootstrap' }
    return (await issueRole(context, request)).credential.id
  }
  const revoke = () => revokeRole(context, { agent: AGENT, role: 'a.role', reason: undefined, by: 'bootstrap' })

  it('touches none that has ended, and all that some clock may let pass', async () => {
    await issue()
    now += LIFETIME + 61
    const ending = await issue()
    now += LIFETIME + 59
    const living = [await issue(), await issue()]
    const { revoked } = await revoke()
    expect(revoked).to.have.members([ending, ...living])
    const all = await store.credentialsOf(AGENT, { after: undefined, limit: 100 })
    expect(all.filter(({ revokedAt }) => revokedAt !== null)).to.have.lengthOf(3)
    const paged = []
    for (let after: string | undefined; ; after = paged.at(-1)!.id) {
      const page = await store.credentialsOf(AGENT, { after, limit: 1 })
      if (page.length === 0) break
      paged.push(...page)
    }
    expect(paged, 'page by page').to.deep.equal(all)
    expect((await revoke()).revoked).to.deep.equal([])
  })

  it('writes them all in one head, however many they are', async () => {
    const ids = await Promise.all(Array.from({ length: 1_100 }, issue))
    const before = (await store.lastHead())!.version
    const { revoked, head } = await revoke()
    expect(revoked).to.have.members(ids)
    expect(head.version).to.equal(before + 1)
    expect(await store.findCredential(ids.at(-1)!)).to.include({ changedVersion: head.version, revokedAt: now })
  })
})
