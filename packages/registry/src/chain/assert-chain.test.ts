import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expectRefusal } from '../on-devnet.test.ts'
import { assertChain } from './assert-chain.ts'
import { createChainClient } from './chain-client.ts'

describe('asserting the chain', () => {
  const servers: Server[] = []
  const dead = 'http://127.0.0.1:1'

  after(() => {
    for (const server of servers) server.close()
  })

  async function nodeOf(chainId: number): Promise<string> {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${chainId.toString(16)}` }))
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/secret-access-key`
  }

  it('is content with one good answer, however many URLs are down', async () => {
    await assertChain(createChainClient({ rpcUrls: [dead, await nodeOf(5)], chainId: 5 }), 5)
  })

  it('refuses when nobody answers', async () => {
    const client = createChainClient({ rpcUrls: [dead], chainId: 5 })
    await expectRefusal(assertChain(client, 5), 'chain_unavailable', /No answer from chain 5 at 127.0.0.1:1/)
  })

  it('refuses a URL of another chain, even behind a good one, and does not quote the access key in it', async () => {
    const client = createChainClient({ rpcUrls: [await nodeOf(5), await nodeOf(6)], chainId: 5 })
    const text = /^The RPC URL at 127.0.0.1:\d+ is on chain 6, not 5: correct the URL or the chain id. undefined$/
    await expectRefusal(assertChain(client, 5), 'chain_unavailable', text)
  })
})
