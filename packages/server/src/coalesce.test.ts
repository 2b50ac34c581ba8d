import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect } from 'chai'
import { coalesce } from './coalesce.ts'

describe('coalescing', () => {
  it('serves all who call during a run by one next run, which begins after that one ended', async () => {
    const { run } = coalesce()
    let running = 0
    let runs = 0
    const work = async () => {
      expect(++running).to.equal(1)
      runs++
      await nextTurn()
      running--
    }
    const first = run(work)
    await Promise.all([first, ...Array.from({ length: 20 }, () => run(work))])
    expect(runs).to.equal(2)
    await run(work)
    expect(runs).to.equal(3)
  })

  it('never lets two runs overlap, nor leaves one queued behind, whenever somebody calls', async () => {
    const { run } = coalesce()
    let running = 0
    let runs = 0
    const work = async () => {
      expect(++running).to.equal(1)
      runs++
      await nextTurn()
      running--
    }
    const first = run(work)
    const second = run(work)
    const third = first.then(() => run(work))
    const fourth = first.finally(() => undefined).then(() => run(work))
    await Promise.all([first, second, third, fourth])
    expect(runs).to.be.at.most(3)
  })

  it('reports a failed run to those who waited for it, and lets the next one go on', async () => {
    const { run } = coalesce()
    const failing = run(async () => {
      await nextTurn()
      throw new Error('no')
    })
    const next = run(async () => {})
    expect(await failing.catch((error) => error.message)).to.equal('no')
    await next
  })
})
