import { pad } from 'viem'
import { expectRefusal, onDevnet } from '../on-devnet.test.ts'
import { assertOwnBlocks } from './assert-own-blocks.ts'
import { createChainClient } from './chain-client.ts'
import { rpcNodes } from './rpc-nodes.test.ts'

describe('comparing block numbers', () => {
  const chain = onDevnet()
  const { startNode } = rpcNodes()

  it('is content with a chain whose contracts see its own blocks', () => assertOwnBlocks(chain.client))

  it('refuses one whose contracts see those of the chain below', async () => {
    const answer = (method: string) => ({ result: method === 'eth_call' ? pad('0x989680') : '0x5f5e100' })
    const { url } = await startNode({ chainId: 5, answer })
    const attempt = assertOwnBlocks(createChainClient({ rpcUrls: [url], chainId: 5 }))
    await expectRefusal(attempt, 'chain_unavailable', /did:ethr cannot be resolved there/)
  })
})
