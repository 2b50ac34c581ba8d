import { expect } from 'chai'
import { drillOutage } from '../scripts/drill/outage.ts'

describe('an outage of the database', () => {
  it('is answered with 503 and Retry-After, is over soon after it ends, and loses nothing', async () => {
    const { figures, problems } = await drillOutage({ database: 'stopped', outageMs: 1_500, workers: 8 })
    expect(problems).to.deep.equal([])
    expect(figures.unavailable).to.be.above(10)
    expect(figures.acknowledged).to.be.above(10)
  })
})
