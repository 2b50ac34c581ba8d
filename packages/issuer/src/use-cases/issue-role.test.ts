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
import { killAgent } from './kill-agent.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const NOW = 1_767_225_600

describeOnEach('issuing to an agent that was killed', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let context: ReturnType<typeof issuerContext>
  let now = NOW

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-issue-'))
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder) })
    store = createStore(database)
    context = issuerContext(store, () => now)
    await ensureOpenLists(context)
    await publishHeads(context)
    const role = { role: 'a.role', description: 'x', maxValiditySeconds: 60, sensitivity: 'low' as const }
    await store.transaction((tx) => tx.putRole({ ...role, claimsSchema: null, changedBy: 'bootstrap' }))
  })

  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  const issue = () => issueRole(context, { agent: AGENT, role: 'a.role', operator: 'ops', by: 'bootstrap' })

  it('waits for the next second, so that no credential is dead or begins in the future', async () => {
    await issue()
    const { kill } = await killAgent(context, AGENT, 'bootstrap')
    expect(kill.cutoff).to.equal(NOW)
    const refusal = await issue().catch((error) => error)
    expect(refusal).to.include({ code: 'agent_just_killed' })
    expect(refusal.message).to.include('try again in 1 s')
    now += 1
    const { credential } = await issue()
    expect(Date.parse(credential.validFrom) / 1000).to.equal(NOW + 1)
    expect(await store.credentialsOf(AGENT, { after: undefined, limit: 100 })).to.have.lengthOf(2)
  })
})
