import { setImmediate, setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { until } from '../../../../test/system/start-system.ts'
import { recent } from './recent.ts'

describe('recent', () => {
  it('shares one run among all who ask while it goes on, however long', async () => {
    let runs = 0
    const held = Promise.withResolvers<void>()
    const latest = recent(0, async () => {
      runs += 1
      await held.promise
      return runs
    })
    const asked = [latest(), latest()]
    await setTimeout(1) // after any timer that was set before
    asked.push(latest())
    held.resolve()
    expect(await Promise.all(asked)).to.deep.equal([1, 1, 1])
  })

  for (const [keepMs, kept] of [
    [60_000, 'keeps an outcome for a while, a failure too'],
    [20, 'asks anew after that while'],
  ] as const)
    it(kept, async () => {
      let runs = 0
      const latest = recent(keepMs, async () => {
        runs += 1
        if (runs === 1) throw new Error('first')
        return runs
      })
      const outcome = () => latest().catch((error) => error.message)
      expect(await outcome()).to.equal('first')
      if (keepMs === 20) return until(async () => (await outcome()) === 2)
      for (let i = 0; i < 3; i++) expect(await outcome()).to.equal('first')
    })

  it('shares nothing that began before it was to forget', async () => {
    let runs = 0
    const latest = recent(60_000, async () => {
      const run = ++runs
      await setImmediate()
      return run
    })
    const before = latest()
    latest.forget()
    expect(await Promise.all([before, latest(), latest()])).to.deep.equal([1, 2, 2])
    expect(await latest()).to.equal(2)
    latest.forget()
    expect(await latest()).to.equal(3)
  })
})
