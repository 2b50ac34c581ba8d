import { expect } from 'chai'
import { expectRefusal } from '../on-devnet.test.ts'
import { assertChain } from './assert-chain.ts'
import { createChainClient } from './chain-client.ts'
import type { EndpointReport } from './rpc-endpoint.ts'
import { rpcNodes } from './rpc-nodes.test.ts'

const CONTRACT = `0x${'c0'.repeat(20)}` as const

describe('asserting the chain', () => {
  const { startNode } = rpcNodes()
  const dead = 'http://127.0.0.1:1'

  const assertOn = async (chainId: number, ...rpcUrls: string[]) => {
    const reports: EndpointReport[] = []
    const report = (news: EndpointReport) => reports.push(news)
    await assertChain(createChainClient({ rpcUrls, chainId, contracts: [CONTRACT], timeout: 300, report }))
    return reports
  }

  it('is content with one good answer, and reports the URLs that are down or stall', async () => {
    const [good, stalling] = [await startNode({ chainId: 5 }), await startNode({ stalls: true })]
    const reports = await assertOn(5, dead, stalling.url, good.url)
    expect(reports.map(({ state }) => state)).to.deep.equal(['silent', 'silent'])
    expect(reports[0]).to.deep.include({ endpoint: 'RPC URL 1 at 127.0.0.1:1' })
    expect(reports[1]?.why).to.equal('gives no answer: it did not answer in time')
  })

  it('does not use a URL of another chain, and reports it by its host alone', async () => {
    const [good, other] = [await startNode({ chainId: 5 }), await startNode({ chainId: 6 })]
    const endpoint = `RPC URL 1 at ${new URL(other.url).host}`
    expect(await assertOn(5, other.url, good.url)).to.deep.equal([
      { endpoint, state: 'foreign', why: 'is on chain 6, not 5' },
    ])
  })

  it('tells a chain of the same id by its contracts', async () => {
    const other = await startNode({ chainId: 5, code: '0x' })
    await expectRefusal(assertOn(5, other.url), 'chain_unavailable', /^RPC URL 1 at \S+ has no contract at 0xc0c0/)
  })

  it('refuses when no URL is right, with a line for each and without the access keys in them', async () => {
    const urls = [dead, (await startNode({ chainId: 6 })).url, (await startNode({ status: 401 })).url]
    const text = [
      /^No answer from chain 5, RPC URL 1 at 127.0.0.1:1 gives no answer: .*/,
      /RPC URL 2 at 127.0.0.1:\d+ is on chain 6, not 5: .*/,
      /No answer from chain 5, RPC URL 3 at 127.0.0.1:\d+ gives no answer: it answered 401: .*/,
    ]
    const lines = new RegExp(`${text.map(({ source }) => source).join('\n')} undefined$`)
    await expectRefusal(assertOn(5, ...urls), 'chain_unavailable', lines)
    await expectRefusal(assertOn(5, ...urls), 'chain_unavailable', /^(?!.*secret)/s)
  })
})
