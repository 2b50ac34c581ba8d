import { KILL_SCOPE, type Kill } from '@consulate/core'
import { expect } from 'chai'
import { type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import {
  type Actor,
  actor,
  blockTime,
  domainOf,
  expectRefusal,
  newIssuer,
  onDevnet,
  relay,
  signKill,
} from '../on-devnet.test.ts'
import type { Receipt } from '../transaction/read-receipt.ts'
import { encodeKill } from './kill.ts'
import { readStatus } from './read-status.ts'
import { readStatusEvents } from './read-status-events.ts'

describe('killing an agent or an issuer', () => {
  const chain = onDevnet()
  const agent = keccak256(stringToHex('did:key:zAgent'))
  const anotherAgent = keccak256(stringToHex('did:key:zAnotherAgent'))
  let owner: Actor
  let anchorer: Actor
  let killer: Actor
  let now: number
  let issuers = 0

  beforeEach(async () => {
    ;({ owner, anchorer, killer } = await newIssuer(chain, `issuer ${issuers++}`))
    now = await blockTime(chain)
  })

  function killAgent(cutoff: number): Kill {
    return { issuer: owner.address, scope: KILL_SCOPE.agent, target: agent, cutoff }
  }

  function killIssuer(cutoff: number): Kill {
    return { issuer: owner.address, scope: KILL_SCOPE.issuer, target: zeroHash, cutoff }
  }

  async function send(kill: Kill, signer = killer): Promise<Receipt> {
    return submit(kill, signer, await signKill(signer, kill, domainOf(chain)))
  }

  async function submit(kill: Kill, signer: Actor, signature: Hex): Promise<Receipt> {
    return relay(chain, { to: chain.statusRegistry, data: encodeKill(kill, signer.address, signature) })
  }

  async function deadBefore(subject: Hex): Promise<number> {
    const question = { statusRegistry: chain.statusRegistry, issuer: owner.address, subject }
    return (await readStatus(chain.client, question)).deadBefore
  }

  async function events() {
    const range = { fromBlock: 0, toBlock: Number(await chain.client.getBlockNumber()) }
    return readStatusEvents(chain.client, { statusRegistry: chain.statusRegistry, issuer: owner.address, ...range })
  }

  it('cuts off one agent, leaving the others alone, and logs the signature', async () => {
    const kill = killAgent(now)
    const signature = await signKill(killer, kill, domainOf(chain))
    await submit(kill, killer, signature)
    expect(await deadBefore(agent)).to.equal(now)
    expect(await deadBefore(anotherAgent)).to.equal(0)
    const [event, ...others] = await events()
    expect(others).to.deep.equal([])
    expect(event).to.deep.include({ type: 'killed', kill, signer: killer.address, signature })
  })

  it('cuts off an issuer with all its agents; the later cut-off counts', async () => {
    await send(killAgent(now))
    await send(killIssuer(now - 10))
    expect(await deadBefore(agent)).to.equal(now)
    expect(await deadBefore(anotherAgent)).to.equal(now - 10)
    await send(killIssuer(now + 10))
    expect(await deadBefore(agent)).to.equal(now + 10)
  })

  it('never lowers a cut-off: a retry and a lower one succeed, change nothing and log nothing', async () => {
    for (const make of [killAgent, killIssuer]) {
      const logged = (await events()).length
      await send(make(now))
      expect((await send(make(now))).status).to.equal('success')
      expect((await send(make(now - 100))).status).to.equal('success')
      expect(await deadBefore(agent)).to.equal(now)
      expect(await events()).to.have.length(logged + 1)
      await send(make(now + 5))
      expect(await deadBefore(agent)).to.equal(now + 5)
      now += 20
    }
  })

  it('refuses the owner, an outsider and a statusAnchor delegate', async () => {
    for (const signer of [owner, actor('outsider'), anchorer]) {
      await expectRefusal(send(killAgent(now), signer), 'key_not_authorized', /NotDelegate/)
    }
    expect(await deadBefore(agent)).to.equal(0)
  })

  it('refuses an altered kill', async () => {
    const signature = await signKill(killer, killAgent(now), domainOf(chain))
    for (const altered of [{ ...killAgent(now), target: anotherAgent }, killAgent(now + 1), killIssuer(now)]) {
      await expectRefusal(submit(altered, killer, signature), 'signature_invalid', /WrongSigner/)
    }
  })

  it("refuses to pass one issuer's kill off as another's", async () => {
    const other = await newIssuer(chain, 'another issuer')
    const kill = { ...killAgent(now), issuer: other.owner.address }
    await expectRefusal(send(kill), 'key_not_authorized', /NotDelegate/)
  })

  it('refuses a signature made for another chain or registry', async () => {
    const { statusRegistry, didRegistry } = chain
    for (const domain of [
      { chainId: 1, statusRegistry },
      { chainId: 31337, statusRegistry: didRegistry },
    ]) {
      const signature = await signKill(killer, killAgent(now), domain)
      await expectRefusal(submit(killAgent(now), killer, signature), 'signature_invalid', /WrongSigner/)
    }
  })

  it('refuses a cut-off more than a minute ahead of the block', async () => {
    await expectRefusal(send(killAgent(now + 120)), 'invalid_request', /TooFarAhead/)
    expect((await send(killAgent(now + 55))).status).to.equal('success')
  })

  it('refuses scopes it does not know and targets that do not fit', async () => {
    const targets = [
      { scope: 0, target: agent },
      { scope: 3, target: agent },
      { scope: KILL_SCOPE.agent, target: zeroHash },
      { scope: KILL_SCOPE.issuer, target: agent },
    ]
    for (const target of targets) {
      const kill = { ...killAgent(now), ...target } as Kill
      await expectRefusal(send(kill), 'invalid_request', /InvalidKillTarget/)
    }
  })
})
