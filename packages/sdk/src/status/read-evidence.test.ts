import { expect } from 'chai'
import type { ChainReader } from '../chain-reader.ts'
import { readEvidence } from './read-evidence.ts'

const ISSUER = `0x${'11'.repeat(20)}` as const
const SETTINGS = { chainId: 5, rpcUrls: [], didRegistry: ISSUER, statusRegistry: ISSUER }

describe('reading what the registry proves of an issuer', () => {
  let asked: string[]
  let firstChange: number | undefined
  let mostBlocks: number
  let fork: string
  let read: ReturnType<typeof readEvidence>

  beforeEach(() => {
    asked = []
    firstChange = 7_000
    mostBlocks = 10_000
    fork = 'a'
    read = readEvidence(SETTINGS, reader as ChainReader, ISSUER)
  })

  const reader: Partial<ChainReader> = {
    firstChange: async () => firstChange,
    blockHash: async (number) => `${fork}${number}`,
    async statusEvents(_issuer, { fromBlock, toBlock }) {
      if (toBlock - fromBlock + 1 > mostBlocks) throw new Error('block range too large')
      asked.push(`${fromBlock}-${toBlock}`)
      return []
    },
  }
  const readAt = (number: number) => read({ number, hash: `${fork}${number}`, parentHash: `${fork}${number - 1}` })

  it('begins where the issuer’s DID changed first, and goes on from there', async () => {
    await readAt(13_000)
    await readAt(13_000)
    await readAt(13_002)
    expect(asked).to.deep.equal(['7000-11999', '12000-13000', '13001-13002'])
  })

  it('asks for nothing before the DID has changed', async () => {
    firstChange = undefined
    await readAt(13_000)
    expect(asked).to.deep.equal([])
    firstChange = 13_001
    await readAt(13_005)
    expect(asked).to.deep.equal(['13001-13005'])
  })

  it('gets along with a provider that answers for a few blocks at once, and fails no round twice for it', async () => {
    mostBlocks = 700
    for (let round = 0; round < 20; round++) await readAt(13_000).catch(() => undefined)
    expect(asked[0]).to.equal('7000-7624')
    expect(asked.at(-1)).to.match(/-13000$/)
    const blocks = asked.map((range) => range.split('-').map(Number) as [number, number])
    for (const [index, [from]] of blocks.entries()) expect(from).to.equal((blocks[index - 1]?.[1] ?? 6_999) + 1)
  })

  it('reads the last blocks again after a reorg, and everything of a chain that has gone back far', async () => {
    await readAt(13_000)
    fork = 'b'
    await readAt(13_000)
    expect(asked.slice(2)).to.deep.equal(['12000-13000'])
    fork = 'c'
    firstChange = 20
    await readAt(30)
    expect(asked.at(-1)).to.equal('20-30')
  })
})
