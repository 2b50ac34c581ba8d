import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { recent } from './recent.ts'

describe('recent', () => {
  it('shares one run among all who ask while it goes on, however long', async () => {
    let runs = 0
    const latest = recent(0, async () => {
      runs += 1
      await sleep(30)
      return runs
    })
    const asked = [latest(), latest()]
    await sleep(10)
    asked.push(latest())
    expect(await Promise.all(asked)).to.deep.equal([1, 1, 1])
  })

  it('keeps an outcome for a while, a failure too, and then asks anew', async () => {
    let runs = 0
    const latest = recent(20, async () => {
      runs += 1
      if (runs === 1) throw new Error('first')
      return runs
    })
    for (let i = 0; i < 3; i++) expect(await latest().catch((error) => error.message)).to.equal('first')
    await sleep(60)
    expect(await latest()).to.equal(2)
  })

  it('shares nothing that began before it was to forget', async () => {
    let runs = 0
    const latest = recent(50, async () => {
      const run = ++runs
      await sleep(20)
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
