import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import type { Store } from '../ports.ts'
import { issueRole } from './issue-role.ts'
import { startedIssuer } from './issuer-context.test.ts'
import { killAgent } from './kill-agent.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const NOW = 1_767_225_600

describeOnEach('issuing to an agent that was killed', (kind) => {
  let issuer: Awaited<ReturnType<typeof startedIssuer>>
  let store: Store
  let context: typeof issuer.context
  let now = NOW

  before(async () => {
    issuer = await startedIssuer(kind, () => now, { roles: ['a.role'], maxValiditySeconds: 60 })
    ;({ store, context } = issuer)
  })
  after(() => issuer?.stop())

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
