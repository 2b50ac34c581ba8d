import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { askChain } from './ask-chain.ts'
import { type ChainClient, createChainClient } from './chain-client.ts'
import type { EndpointReport } from './rpc-endpoint.ts'
import { type RpcNode, rpcNodes } from './rpc-nodes.test.ts'

const TIMEOUT = 400

describe('several RPC URLs', () => {
  const { startNode } = rpcNodes()
  let first: RpcNode
  let second: RpcNode
  let client: ChainClient
  let reports: EndpointReport[]

  beforeEach(async () => {
    ;[first, second] = [await startNode(answering(1)), await startNode(answering(2))]
    reports = []
    client = createChainClient({
      rpcUrls: [first.url, second.url],
      chainId: 5,
      timeout: TIMEOUT,
      recheck: 200,
      report: (news) => reports.push(news),
    })
  })

  /** A node that says this block number, so that it can be told who answered. */
  function answering(block: number) {
    return { chainId: 5, answer: () => ({ result: `0x${block}` }) }
  }
  const whoAnswers = async () => Number(await client.getBlockNumber())
  const states = () => reports.map(({ endpoint, state }) => `${endpoint.slice(0, 9)} ${state}`)

  it('are asked in their order, and the second one only when it is needed', async () => {
    expect([await whoAnswers(), await whoAnswers()]).to.deep.equal([1, 1])
    expect(second.asked).to.not.include('eth_blockNumber')
    expect(reports).to.deep.equal([])
  })

  it('pass over one that stalls: its time limit is paid once, and it is used again when it is back', async () => {
    await whoAnswers()
    first.manners = { stalls: true }
    expect(await whoAnswers()).to.equal(2)
    const asked = first.asked.filter((method) => method === 'eth_blockNumber').length
    expect(await Promise.all(Array.from({ length: 20 }, whoAnswers))).to.deep.equal(Array(20).fill(2))
    expect(first.asked.filter((method) => method === 'eth_blockNumber')).to.have.lengthOf(asked)
    first.manners = answering(1)
    while ((await whoAnswers()) !== 1) await sleep(50)
    expect(states()).to.deep.equal(['RPC URL 1 silent', 'RPC URL 1 good'])
  })

  it('pass over one that answers with failures, and over one that has closed', async () => {
    for (const manners of [{ status: 503 }, { status: 429 }, { answer: () => ({}) }]) {
      first.manners = manners
      expect(await whoAnswers()).to.equal(2)
    }
  })

  it('stop believing one that has become another chain, without being asked twice', async () => {
    await whoAnswers()
    first.manners = { ...answering(1), chainId: 6 }
    while ((await whoAnswers()) === 1) await sleep(50)
    expect(reports).to.have.lengthOf(1)
    expect(reports[0]).to.include({ state: 'foreign', why: 'is on chain 6, not 5' })
    const { length } = first.asked.filter((method) => method === 'eth_blockNumber')
    expect(await whoAnswers()).to.equal(2)
    await sleep(250)
    expect(await whoAnswers()).to.equal(2)
    expect(first.asked.filter((method) => method === 'eth_blockNumber')).to.have.lengthOf(length)
  })

  it('ask another one when a node cannot tell, but not when a contract has refused', async () => {
    const error = (code: number, message: string) => ({ answer: () => ({ error: { code, message } }) })
    first.manners = error(-32005, 'too many requests')
    expect(await whoAnswers()).to.equal(2)
    first.manners = error(3, 'execution reverted: bad_actor')
    const asked = second.asked.length
    expect(await messageOf(whoAnswers())).to.match(/execution reverted/)
    expect(second.asked.slice(asked)).to.not.include('eth_blockNumber')
  })

  it('end in time when all of them stall, and say so', async () => {
    await whoAnswers()
    first.manners = second.manners = { stalls: true }
    const begun = performance.now()
    expect(await messageOf(whoAnswers())).to.match(/it did not answer in time/)
    expect(performance.now() - begun).to.be.below(20 * TIMEOUT)
    first.manners = answering(1)
    expect(await whoAnswers()).to.equal(1)
  })

  it('keep their access keys to themselves, even when a node repeats them', async () => {
    const repeated = (_method: string, url: string) => ({ error: { code: -32000, message: `no access for ${url}` } })
    first.manners = second.manners = { answer: repeated }
    const failures = [await failureOf(whoAnswers()), await failureOf(askChain('look', client.getBlockNumber()))]
    first.manners = second.manners = { status: 403 }
    failures.push(await failureOf(whoAnswers()))
    for (const failure of failures) {
      expect(everythingIn(failure)).to.match(/no access|403/)
      expect(everythingIn(failure)).to.not.match(/(user|password|path|query)-secret/)
    }
  })
})

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('it passed'),
    (error) => error,
  )
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  return ((await failureOf(work)) as Error).message
}

/** Messages, stacks and every other property, causes included. */
function everythingIn(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const fields = Object.getOwnPropertyNames(error).map((name) => everythingIn((error as Record<string, unknown>)[name]))
  return fields.join('\n')
}
