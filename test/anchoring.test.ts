import { killTarget } from '@consulate/core'
import { createChainClient } from '@consulate/registry'
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describe('what an issuer brings on chain', () => {
  let system: System
  let ahead = 0
  let names = 0

  before(async () => {
    const clock = { now: () => Math.floor(Date.now() / 1000) + ahead, nowMs: () => Date.now() + ahead * 1000 }
    system = await startSystem({ issuer: { clock } })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  const issuer = () => system.clients.issuer
  const newAgent = () => system.agentWith(`agent ${names++}`, ROLE)
  const isAnchored = async () => (await issuer().statusHead()).anchor.state !== 'pending'

  it('goes on when the contract refuses one of the kills', async () => {
    addForgedKill('did:web:forged.example')
    const [killed, revoked] = [await newAgent(), await newAgent()]
    await issuer().killAgent(killed.did)
    await issuer().revokeRole(revoked.did, ROLE)
    await until(async () => (await issuer().killAgent(killed.did)).kill.state !== 'pending')
    await until(isAnchored)
  })

  it('is offered for more when it waits for minutes and the chain asks for more', async () => {
    await until(isQuiet)
    await ask('evm_setAutomine', false)
    const agent = await newAgent()
    await issuer().revokeRole(agent.did, ROLE)
    await until(async () => (await waiting()).length === 1)
    const [first] = await waiting()
    await ask('anvil_setNextBlockBaseFeePerGas', `0x${(2n * BigInt(first!.maxFeePerGas)).toString(16)}`)
    await ask('evm_mine')
    expect(await ask('eth_getTransactionReceipt', first!.hash)).to.equal(null)
    ahead = 200
    await until(async () => (await waiting()).some(({ hash }) => hash !== first!.hash))
    const [second, ...others] = await waiting()
    expect(others).to.deep.equal([])
    expect(second).to.include({ nonce: first!.nonce, input: first!.input })
    await ask('evm_mine')
    await until(isAnchored)
    expect((await issuer().statusHead()).anchor).to.include({ txHash: second!.hash })
    await ask('evm_setAutomine', true)
  })

  function addForgedKill(agent: string): void {
    const database = new Sqlite(system.env.CONSULATE_ISSUER_DATABASE_URL!.replace('sqlite:', ''))
    const address = system.issuer.did.split(':').at(-1)
    database
      .prepare('INSERT INTO status_kill VALUES (@id, @agent, @issuer, 1, @target, 1, @signature, @signer, 0, NULL)')
      .run({
        id: 'forged',
        agent,
        issuer: address,
        target: killTarget(agent),
        signature: `0x${'11'.repeat(65)}`,
        signer: `0x${'22'.repeat(20)}`,
      })
    database.close()
  }

  /** Nothing waits, and the devnet adds no blocks of its own to what was mined. */
  async function isQuiet(): Promise<boolean> {
    const newest = Number(await ask('eth_blockNumber'))
    const counts = [newest, newest - 1].map((block) =>
      ask('eth_getBlockTransactionCountByNumber', `0x${block.toString(16)}`),
    )
    return (await isAnchored()) && (await Promise.all(counts)).every((count) => Number(count) === 0)
  }

  interface Transaction {
    hash: string
    nonce: string
    input: string
    maxFeePerGas: string
  }

  async function waiting(): Promise<Transaction[]> {
    const { pending } = (await ask('txpool_content')) as { pending: Record<string, Record<string, Transaction>> }
    return Object.values(pending).flatMap((byNonce) => Object.values(byNonce))
  }

  function ask(method: string, ...params: unknown[]): Promise<unknown> {
    const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
    return client.request({ method, params } as never)
  }
})
