import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { createChainClient } from './chain-client.ts'
import { type Finality, readFinalBlock } from './read-final-block.ts'

describe('the newest block that counts as final', () => {
  let node: Server
  let tags: Record<string, number>

  before(async () => {
    node = createServer(async (request, response) => {
      const { method, params } = JSON.parse(await text(request))
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: resultOf(method, params) }))
    })
    await once(node.listen(0, '127.0.0.1'), 'listening')
  })
  beforeEach(() => {
    tags = { latest: 1_000, safe: 970, finalized: 930 }
  })
  after(() => {
    node.close()
    node.closeAllConnections()
  })

  function resultOf(method: string, params: [string]): unknown {
    if (method === 'eth_chainId') return '0x5'
    if (method === 'eth_blockNumber') return `0x${tags.latest!.toString(16)}`
    const number = tags[params[0]]
    return number === undefined ? null : { number: `0x${number.toString(16)}`, transactions: [] }
  }

  function finalBlock(finality: Finality): Promise<number> {
    const rpcUrls = [`http://127.0.0.1:${(node.address() as AddressInfo).port}`]
    return readFinalBlock(createChainClient({ rpcUrls, chainId: 5 }), finality)
  }

  it('is the chain’s own word, or a depth below the newest', async () => {
    expect(await finalBlock('finalized')).to.equal(930)
    expect(await finalBlock('safe')).to.equal(970)
    expect(await finalBlock(64)).to.equal(936)
    expect(await finalBlock(0)).to.equal(1_000)
  })

  it('is not guessed when the chain does not say', async () => {
    delete tags.finalized
    const failure = await finalBlock('finalized').catch((error) => error)
    expect(failure).to.include({ code: 'chain_unavailable' })
    expect(failure.message).to.include('set CONSULATE_FINALITY to a depth in blocks')
  })
})
