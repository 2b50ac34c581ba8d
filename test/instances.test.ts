import { expect } from 'chai'
import { drillInstances } from '../scripts/drill/instances.ts'

describe('several instances on one PostgreSQL', () => {
  it('issue and revoke at once, one of them killed in the middle, and lose or double nothing', async () => {
    const { figures, problems } = await drillInstances({ workers: 16, issuances: 1_000, revocations: 60 })
    expect(problems).to.deep.equal([])
    expect(figures.issued).to.be.above(900)
    expect(figures.revoked).to.be.above(10)
  }).timeout(120_000)
})
