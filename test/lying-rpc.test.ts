import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseEthrDid } from '@consulate/core'
import { didRegistryAbi, ED25519_KEY_ATTRIBUTE } from '@consulate/registry'
import { type ChainSettings, createChainReader, createKeyResolver } from '@consulate/sdk'
import { expect } from 'chai'
import { encodeAbiParameters, encodeEventTopics, type Hex, stringToHex } from 'viem'
import { type System, startSystem } from './system/start-system.ts'

const ATTACKERS_KEY: Hex = `0x${randomBytes(32).toString('hex')}`

/** An RPC that forwards, and lies about the issuer's DID when told to: a key of the attacker's is in it. */
interface LyingRpc {
  url: string
  lies: boolean
  close(): void
}

describe('an RPC that lies about an issuer’s keys', () => {
  let system: System
  let liars: LyingRpc[]

  before(async () => {
    system = await startSystem()
    liars = await Promise.all([1, 2, 3].map(() => startLyingRpc(system)))
  })

  after(async () => {
    for (const liar of liars ?? []) liar.close()
    await system?.stop()
  })

  beforeEach(() => {
    for (const liar of liars) liar.lies = false
  })

  const through = (...rpcs: LyingRpc[]) => ({ ...system.chain, rpcUrls: rpcs.map(({ url }) => url) })
  const resolveOn = async (chain: ChainSettings) => createKeyResolver({ chain }).resolveKeys(system.issuer.did)
  const resolve = (...rpcs: LyingRpc[]) => resolveOn(through(...rpcs))

  it('can add a key of its own when it is the only one', async () => {
    const honest = await resolve(liars[0]!)
    liars[0]!.lies = true
    expect((await resolve(liars[0]!)).verificationMethods.size).to.equal(honest.verificationMethods.size + 1)
  })

  it('is outvoted by two others, wherever it stands among them', async () => {
    const honest = await resolve(liars[1]!)
    liars[0]!.lies = true
    for (const order of [
      [0, 1, 2],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const keys = await resolve(...order.map((index) => liars[index]!))
      expect([...keys.verificationMethods.keys()]).to.deep.equal([...honest.verificationMethods.keys()])
    }
  })

  it('makes a DID unresolvable, with a code of its own, when there is only one other', async () => {
    const [liar, honest] = liars as [LyingRpc, LyingRpc]
    liar.lies = true
    expect(await refusal(resolve(liar, honest))).to.equal('chain_disagreement')
    expect(await refusal(resolve(honest, liar))).to.equal('chain_disagreement')
  })

  it('does not count twice for being named twice', async () => {
    const [liar, honest] = liars as [LyingRpc, LyingRpc]
    liar.lies = true
    const rpcUrls = [`${liar.url}/a`, `${liar.url}/b`, honest.url]
    expect(await refusal(resolveOn({ ...system.chain, rpcUrls }))).to.equal('chain_disagreement')
  })

  it('cannot make a delegate, nor a kill of one that never was', async () => {
    const { address } = parseEthrDid(system.issuer.did)
    const stranger = `0x${'ab'.repeat(20)}` as const
    liars[0]!.lies = true
    const outvoted = createChainReader(through(...liars))
    expect(await outvoted.isAnchorDelegate(address, stranger)).to.equal(false)
    expect(await outvoted.wasKillDelegate(address, stranger)).to.equal(false)
    const alone = createChainReader(through(liars[0]!))
    expect(await alone.isAnchorDelegate(address, stranger)).to.equal(true)
  })
})

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error) => error.code as string,
  )
}

async function startLyingRpc({ chain, issuer }: System): Promise<LyingRpc> {
  const rpc = { lies: false }
  const server = createServer(async (request, response) => {
    const call = JSON.parse(await text(request))
    const { result, ...answer } = await forward(chain.rpcUrls[0]!, call)
    const lie = rpc.lies ? lieAbout(call, result, chain.didRegistry, parseEthrDid(issuer.did).address) : result
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...answer, result: lie }))
  })
  const url = `http://127.0.0.1:${await listenOn(server)}`
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return Object.assign(rpc, { url, close })
}

interface Log {
  topics: Hex[]
  data: Hex
  [member: string]: unknown
}

/** Beside the newest change of the DID another one, and every delegate there is. */
function lieAbout(
  { method, params }: { method: string; params: never[] },
  result: unknown,
  registry: Hex,
  identity: Hex,
) {
  if (method === 'eth_call' && `${result}`.length === 66 && isDelegateQuestion(params[0]!))
    return `0x${'0'.repeat(63)}1`
  if (method !== 'eth_getLogs' || !Array.isArray(result) || result.length === 0) return result
  const [log] = result as Log[]
  const of = (log?.topics[1] ?? '0x').endsWith(identity.slice(2))
  if (!of || (log as { address?: string }).address?.toLowerCase() !== registry) return result
  return [forgedKey(log!), ...result]
}

function isDelegateQuestion({ data, input }: { data?: Hex; input?: Hex }): boolean {
  return ['0x622b2a3c', '0x0d44625b'].includes((data ?? input ?? '0x').slice(0, 10))
}

function forgedKey(log: Log): Log {
  const [, identity] = log.topics
  const [signature] = encodeEventTopics({ abi: didRegistryAbi, eventName: 'DIDAttributeChanged' })
  const data = encodeAbiParameters(
    [{ type: 'bytes32' }, { type: 'bytes' }, { type: 'uint256' }, { type: 'uint256' }],
    [
      stringToHex(ED25519_KEY_ATTRIBUTE, { size: 32 }),
      ATTACKERS_KEY,
      4_000_000_000n,
      BigInt(log.blockNumber as string),
    ],
  )
  return { ...log, topics: [signature as Hex, identity!], data, logIndex: '0x0' }
}

async function forward(url: string, call: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(call) })
  return (await response.json()) as Record<string, unknown>
}

async function listenOn(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
