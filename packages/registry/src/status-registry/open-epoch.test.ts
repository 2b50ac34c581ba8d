import { type Head, KILL_SCOPE } from '@consulate/core'
import { expect } from 'chai'
import { type Hex, zeroHash } from 'viem'
import { changeOwnerDigest, encodeChangeOwnerSigned } from '../did-registry/change-owner.ts'
import {
  type Actor,
  actor,
  blockTime,
  type Domain,
  domainOf,
  expectRefusal,
  newIssuer,
  onDevnet,
  ownerCall,
  relay,
  signDigest,
  signEpoch,
  signHead,
  signKill,
} from '../on-devnet.test.ts'
import type { Receipt } from '../transaction/read-receipt.ts'
import { encodeAnchor } from './anchor.ts'
import { encodeKill } from './kill.ts'
import { encodeOpenEpoch } from './open-epoch.ts'
import { readStatus } from './read-status.ts'
import { readStatusEvents } from './read-status-events.ts'

describe('opening an epoch', () => {
  const chain = onDevnet()
  const elsewhere = onDevnet({ chainId: 31338 })
  let owner: Actor
  let anchorer: Actor
  let killer: Actor
  let issuers = 0

  beforeEach(async () => {
    ;({ owner, anchorer, killer } = await newIssuer(chain, `issuer ${issuers++}`))
  })

  async function open(epoch: number, signer = owner, domain: Domain = domainOf(chain)): Promise<Receipt> {
    return submit(epoch, await signEpoch(signer, { issuer: owner.address, epoch }, domain))
  }

  async function submit(epoch: number, signature: Hex, account = 1): Promise<Receipt> {
    const data = encodeOpenEpoch({ issuer: owner.address, epoch }, signature)
    return relay(chain, { to: chain.statusRegistry, data }, account)
  }

  async function anchor(fields: Partial<Head>): Promise<Receipt> {
    const issuedAt = await blockTime(chain)
    const times = { issuedAt, validUntil: issuedAt + 3600 }
    const head = { issuer: owner.address, epoch: 0, version: 1, prev: zeroHash, root: zeroHash, ...times, ...fields }
    const signature = await signHead(anchorer, head, domainOf(chain))
    return relay(chain, { to: chain.statusRegistry, data: encodeAnchor(head, anchorer.address, signature) })
  }

  function status() {
    return readStatus(chain.client, { statusRegistry: chain.statusRegistry, issuer: owner.address })
  }

  it('is signed by the owner of the issuer, whoever pays, and logs what proves it', async () => {
    const opening = { issuer: owner.address, epoch: 1 }
    const signature = await signEpoch(owner, opening, domainOf(chain))
    const { blockNumber } = await submit(1, signature, 3)
    expect((await status()).epoch).to.equal(1)
    const { statusRegistry, client } = chain
    const [event, ...others] = await readStatusEvents(client, {
      statusRegistry,
      issuer: owner.address,
      fromBlock: 0,
      toBlock: blockNumber,
    })
    expect(others).to.deep.equal([])
    expect(event).to.deep.include({ type: 'epochOpened', opening, signer: owner.address, signature })
  })

  it('begins anew: the versions of before do not count, and heads of before are refused', async () => {
    await anchor({ version: 2 ** 53 - 1 })
    await open(1)
    expect(await status()).to.deep.include({ epoch: 1, version: 0, headHash: zeroHash, anchoredBlock: 0 })
    await expectRefusal(anchor({ epoch: 0, version: 2 ** 53 }), 'status_rollback', /EpochMismatch\(1, 0\)/)
    await anchor({ epoch: 1, version: 1, issuedAt: (await blockTime(chain)) - 30 })
    expect(await status()).to.deep.include({ epoch: 1, version: 1 })
  })

  it('leaves the cut-offs of before in force', async () => {
    const cutoff = await blockTime(chain)
    const kill = { issuer: owner.address, scope: KILL_SCOPE.issuer, target: zeroHash, cutoff }
    const signature = await signKill(killer, kill, domainOf(chain))
    await relay(chain, { to: chain.statusRegistry, data: encodeKill(kill, killer.address, signature) })
    await open(1)
    expect((await status()).deadBefore).to.equal(cutoff)
  })

  it('refuses every delegate, an outsider and the owner of another issuer', async () => {
    const other = await newIssuer(chain, 'another issuer')
    for (const signer of [anchorer, killer, actor('outsider'), other.owner])
      await expectRefusal(open(1, signer), 'signature_invalid', /WrongSigner/)
    expect((await status()).epoch).to.equal(0)
  })

  it('refuses every epoch but the next, and so the same signature again', async () => {
    for (const epoch of [0, 2, 2 ** 32 - 1])
      await expectRefusal(open(epoch), 'status_rollback', new RegExp(`EpochNotNext\\(0, ${epoch}\\)`))
    const signature = await signEpoch(owner, { issuer: owner.address, epoch: 1 }, domainOf(chain))
    await submit(1, signature)
    await expectRefusal(submit(1, signature), 'status_rollback', /EpochNotNext\(1, 1\)/)
    await expectRefusal(submit(2, signature), 'signature_invalid', /WrongSigner/)
    await open(2)
    expect((await status()).epoch).to.equal(2)
  })

  it('refuses a signature made for another chain or registry', async () => {
    expect(elsewhere.statusRegistry).to.equal(chain.statusRegistry)
    const foreign = { chainId: 31337, statusRegistry: chain.didRegistry }
    for (const domain of [domainOf(elsewhere), foreign])
      await expectRefusal(open(1, owner, domain), 'signature_invalid', /WrongSigner/)
    const signature = await signEpoch(owner, { issuer: owner.address, epoch: 1 }, domainOf(elsewhere))
    const data = encodeOpenEpoch({ issuer: owner.address, epoch: 1 }, signature)
    expect((await relay(elsewhere, { to: elsewhere.statusRegistry, data })).status).to.equal('success')
  })

  it('takes the word of whom the identity was handed to, and of the one before no longer', async () => {
    const heir = actor(`heir ${issuers}`)
    const signature = await signDigest(owner, changeOwnerDigest(await ownerCall(chain, owner.address), heir.address))
    const data = encodeChangeOwnerSigned(owner.address, heir.address, signature)
    await relay(chain, { to: chain.didRegistry, data })
    await expectRefusal(open(1, owner), 'signature_invalid', /WrongSigner/)
    await open(1, heir)
    expect((await status()).epoch).to.equal(1)
  })
})
