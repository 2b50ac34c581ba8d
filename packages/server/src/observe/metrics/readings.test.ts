import { expect } from 'chai'
import { Registry } from 'prom-client'
import { registerReadings } from './readings.ts'

const READINGS = { age: { help: 'An age.' }, depth: { help: 'A depth.', label: 'stage' } } as const

describe('readings', () => {
  const samples = async (registry: Registry) =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))

  it('are read once for all gauges of a scrape', async () => {
    const registry = new Registry()
    let reads = 0
    registerReadings(registry, READINGS, async () => ({ age: ++reads, depth: { sending: 2, mining: 0 } }))
    expect(await samples(registry)).to.deep.equal(['age 1', 'depth{stage="sending"} 2', 'depth{stage="mining"} 0'])
    expect(await samples(registry)).to.include('age 1')
  })

  it('that fail or take too long are no number, rather than an old one', async () => {
    for (const read of [() => Promise.reject(new Error('no database')), () => new Promise<never>(() => {})]) {
      const registry = new Registry()
      registerReadings(registry, READINGS, read)
      expect(await samples(registry)).to.deep.equal(['age Nan'])
    }
  })
})
