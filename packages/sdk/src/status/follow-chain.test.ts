import type { RegistryStatus } from '@consulate/registry'
import { expect } from 'chai'
import type { ChainReader } from '../chain-reader.ts'
import { followChain } from './follow-chain.ts'

const ISSUER = `0x${'11'.repeat(20)}` as const
const SETTINGS = { chainId: 1, rpcUrls: [], didRegistry: ISSUER, statusRegistry: ISSUER }

describe('following the chain of an issuer', () => {
  let number: number
  let asked: string[]
  let said: Partial<RegistryStatus>
  let look: ReturnType<typeof followChain>

  beforeEach(() => {
    number = 7
    asked = []
    said = { epoch: 0, version: 0, equivocated: false }
    look = followChain(SETTINGS, reader as ChainReader, ISSUER)
  })

  const reader: Partial<ChainReader> = {
    newestBlock: async () => ({ number, hash: `0x${number}`, parentHash: `0x${number - 1}` }),
    firstChange: async () => 1,
    async status() {
      asked.push('status')
      return said as RegistryStatus
    },
    async statusEvents(_issuer, { fromBlock, toBlock }) {
      asked.push(`events ${fromBlock}-${toBlock}`)
      return []
    },
  }

  it('asks for nothing more while no block is new, and for the blocks that are', async () => {
    const first = await look()
    expect(asked).to.deep.equal(['status', 'events 1-7'])
    expect(await look()).to.equal(first)
    expect(asked).to.have.lengthOf(2)
    number += 1 // names the one before as its parent, which need not be asked for
    await look()
    expect(asked.slice(2)).to.deep.equal(['status', 'events 8-8'])
  })

  it('looks again, new block or not, while an RPC says more than is proved', async () => {
    said = { ...said, version: 3 }
    expect(await look()).to.include({ isUnproven: false })
    expect(await look()).to.include({ isUnproven: true })
    said = { ...said, version: 0 }
    expect(await look()).to.include({ isUnproven: false })
  })
})
