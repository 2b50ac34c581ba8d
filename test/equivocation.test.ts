import {
  broadcast,
  createChainClient,
  createRelayer,
  encodeProveEquivocation,
  waitForReceipt,
} from '@consulate/registry'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { hostileIssuer } from './system/hostile-issuer.ts'
import { type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

describe('an equivocation that somebody has proved on chain', () => {
  let system: System
  let agent: TestAgent

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('of an issuer with two tongues', ROLE)
    expect(await outcomeOf(system.present(agent))).to.equal('accepted')
  })
  after(() => system?.stop())

  it('convicts the issuer at a verifier that has seen neither head, which keeps both', async () => {
    const issuer = await hostileIssuer(system)
    const one = await issuer.publish({ version: 1_000 })
    const other = await issuer.publish({ version: 1_000, prev: one.head.prev, validUntil: 4_000_000_000 })
    const { rpcUrls, chainId, statusRegistry } = system.chain
    const client = createChainClient({ rpcUrls, chainId })
    const relayer = createRelayer(client, system.devnet.accounts[7]!.privateKey)
    const { raw, hash } = await relayer.prepare({ to: statusRegistry, data: encodeProveEquivocation(one, other) })
    await broadcast(client, raw)
    await waitForReceipt(client, hash)
    await until(async () => (await outcomeOf(system.present(agent))) === '400 issuer_equivocated')
    const { equivocations } = await system.clients.verifierAdmin.trusted(system.issuer.did)
    expect(equivocations.map(({ epoch, heads }) => ({ epoch, heads }))).to.deep.equal([
      { epoch: 0, heads: [one, other] },
    ])
  })

  it('is not cleared before the owner of the issuer’s DID has opened a new epoch', async () => {
    const { verifierAdmin } = system.clients
    expect(await outcomeOf(verifierAdmin.clear(system.issuer.did))).to.equal('409 epoch_not_opened')
    expect(await outcomeOf(system.present(agent))).to.equal('400 issuer_equivocated')
  })

  it('stays after that until a person clears it, and then for good', async () => {
    const { issuer, verifierAdmin } = system.clients
    await issuer.recover()
    await until(async () => (await issuer.statusHead()).anchor.state === 'final')
    await until(async () => (await verifierAdmin.trusted(system.issuer.did)).status?.headVersion === 1)
    expect(await outcomeOf(system.present(agent))).to.equal('400 issuer_equivocated')
    expect((await verifierAdmin.clear(system.issuer.did)).cleared).to.deep.equal([0])
    await until(async () => (await outcomeOf(system.present(agent))) === 'accepted')
    expect((await verifierAdmin.trusted(system.issuer.did)).equivocations).to.deep.equal([])
    expect((await verifierAdmin.clear(system.issuer.did)).cleared).to.deep.equal([])
  })
})
