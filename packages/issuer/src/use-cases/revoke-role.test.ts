import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import type { Store } from '../ports.ts'
import { issueRole } from './issue-role.ts'
import { startedIssuer } from './issuer-context.test.ts'
import { revokeRole } from './revoke-role.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const NOW = 1_767_225_600
const LIFETIME = 3_600

describeOnEach('revoking a role that was granted again and again', (kind) => {
  let issuer: Awaited<ReturnType<typeof startedIssuer>>
  let store: Store
  let context: typeof issuer.context
  let now = NOW

  before(async () => {
    issuer = await startedIssuer(kind, () => now, { roles: ['a.role'], maxValiditySeconds: LIFETIME })
    ;({ store, context } = issuer)
  })
  after(() => issuer?.stop())

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
