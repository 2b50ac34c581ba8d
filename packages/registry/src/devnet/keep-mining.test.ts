import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { onDevnet, relay } from '../on-devnet.test.ts'
import { keepMining } from './keep-mining.ts'

describe('keeping the devnet mining', () => {
  const chain = onDevnet()

  it('buries a transaction to the depth, then rests', async () => {
    const { blockNumber } = await relay(chain, { to: chain.devnet.accounts[5]!.address, data: '0x' })
    const miner = keepMining(chain.client, 3, 20)
    await delay(1_000)
    await miner.stop()
    expect(Number(await chain.client.getBlockNumber())).to.equal(blockNumber + 3)
  })

  it('mines no more once stopped', async () => {
    await keepMining(chain.client, 3, 20).stop()
    const { blockNumber } = await relay(chain, { to: chain.devnet.accounts[5]!.address, data: '0x' })
    await delay(200)
    expect(Number(await chain.client.getBlockNumber())).to.equal(blockNumber)
  })
})
