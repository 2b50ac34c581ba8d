import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coalesce, type Database, recent } from '@consulate/server'
import { expect } from 'chai'
import { DATABASES, describeOnEach } from '../../../../test/system/databases.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createListSecrets } from '../adapters/list-secrets.ts'
import { createStore } from '../adapters/store.ts'
import type { Store } from '../ports.ts'
import { issueRole } from './issue-role.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { readHead } from './read-head.ts'
import { revokeRole } from './revoke-role.ts'
import { unsignedIdentity } from './unsigned-identity.test.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const NOW = 1_767_225_600
const LIFETIME = 3_600

describeOnEach('revoking a role that was granted again and again', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let now = NOW

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-revoke-'))
    database = await openIssuerDatabase({ url: await DATABASES[kind](folder, 'issuer') })
    store = createStore(database)
    await ensureOpenLists(context())
    await publishHeads(context())
    const role = { role: 'a.role', description: 'x', maxValiditySeconds: LIFETIME, sensitivity: 'low' as const }
    await store.transaction((tx) => tx.putRole({ ...role, claimsSchema: null, changedBy: 'bootstrap' }))
  })

  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const issue = async () => {
    const request = { agent: AGENT, role: 'a.role', operator: 'ops', by: 'bootstrap' }
    return (await issueRole(context(), request)).credential.id
  }
  const revoke = () => revokeRole(context(), { agent: AGENT, role: 'a.role', reason: undefined, by: 'bootstrap' })

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

  const secret = randomBytes(32)
  const reserve = new Map()
  const reserving = coalesce()
  const publishing = coalesce()

  function context() {
    return {
      store,
      identity: unsignedIdentity,
      publishing,
      newestHead: recent(0, () => readHead({ store })),
      reserve,
      reserving,
      secrets: createListSecrets({ getOrCreate: async () => secret }),
      clock: { now: () => now },
      metrics: { issued() {}, revoked() {}, paid() {} },
      random: { uuid: randomUUID },
      config: { publicUrl: 'https://issuer.example' },
    }
  }
})
