import { expect } from 'chai'
import { drillStop } from '../scripts/drill/stop.ts'
import { describeOnEach } from './system/databases.ts'

describeOnEach('SIGTERM under load', (database) => {
  it('cuts no answer off, and loses nothing', async () => {
    const { figures, problems } = await drillStop({ database, stops: 2, workers: 8, lifeMs: 500 })
    expect(problems).to.deep.equal([])
    expect(figures.acknowledged).to.be.above(10)
  })
})
