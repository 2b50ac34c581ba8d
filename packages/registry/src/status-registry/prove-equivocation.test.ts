import { type Head, hashHead } from '@consulate/core'
import { expect } from 'chai'
import { type Hex, zeroHash } from 'viem'
import {
  type Actor,
  actor,
  addDelegate,
  type Domain,
  domainOf,
  expectRefusal,
  newIssuer,
  onDevnet,
  passTime,
  relay,
  revokeDelegate,
  signEpoch,
  signHead,
} from '../on-devnet.test.ts'
import type { Receipt } from '../transaction/read-receipt.ts'
import { encodeOpenEpoch } from './open-epoch.ts'
import { encodeProveEquivocation, type SignedHead } from './prove-equivocation.ts'
import { readStatus } from './read-status.ts'
import { readStatusEvents } from './read-status-events.ts'

describe('proving an equivocation', () => {
  const chain = onDevnet()
  const elsewhere = onDevnet({ chainId: 31338 })
  let owner: Actor
  let anchorer: Actor
  let killer: Actor
  let first: Head
  let second: Head
  let fork: Head
  let issuers = 0

  beforeEach(async () => {
    ;({ owner, anchorer, killer } = await newIssuer(chain, `issuer ${issuers++}`))
    const times = { issuedAt: 1_790_000_000, validUntil: 1_790_086_400 }
    first = { issuer: owner.address, epoch: 0, version: 1, prev: zeroHash, root: hash('ab'), ...times }
    second = { ...first, version: 2, prev: hashHead(first), root: hash('cd') }
    fork = { ...second, root: hash('ef') }
  })

  const hash = (byte: string): Hex => `0x${byte.repeat(32)}`

  async function signed(head: Head, signer = anchorer, domain: Domain = domainOf(chain)): Promise<SignedHead> {
    return { head, signer: signer.address, signature: await signHead(signer, head, domain) }
  }

  async function prove(a: SignedHead, b: SignedHead, account = 1): Promise<Receipt> {
    return relay(chain, { to: chain.statusRegistry, data: encodeProveEquivocation(a, b) }, account)
  }

  async function isEquivocated(issuer = owner.address): Promise<boolean> {
    return (await readStatus(chain.client, { statusRegistry: chain.statusRegistry, issuer })).equivocated
  }

  async function events() {
    const range = { fromBlock: 0, toBlock: Number(await chain.client.getBlockNumber()) }
    return readStatusEvents(chain.client, { statusRegistry: chain.statusRegistry, issuer: owner.address, ...range })
  }

  it('convicts of two heads for one version, whoever brings them, and logs both with their signatures', async () => {
    const heads = [await signed(second), await signed(fork)] as const
    await prove(...heads, 3)
    expect(await isEquivocated()).to.equal(true)
    const [event, ...others] = await events()
    expect(others).to.deep.equal([])
    expect(event).to.deep.include({ type: 'equivocated', heads })
  })

  it('convicts of two heads after one, however far apart their versions are', async () => {
    await prove(await signed({ ...fork, version: 9 }), await signed(second))
    expect(await isEquivocated()).to.equal(true)
  })

  it('convicts of a head that does not follow the one before it, in either order', async () => {
    const third = { ...second, version: 3, prev: hashHead(fork) }
    for (const heads of [
      [second, third],
      [third, second],
    ] as const)
      await prove(await signed(heads[0]), await signed(heads[1]))
    expect(await isEquivocated()).to.equal(true)
  })

  it('logs a conviction once; who comes later succeeds and changes nothing', async () => {
    await prove(await signed(second), await signed(fork))
    await prove(await signed(fork), await signed(second))
    expect(await events()).to.have.length(1)
  })

  it('acquits the same head brought twice, by one delegate or by two', async () => {
    const another = actor(`another anchorer ${issuers}`)
    await addDelegate(chain, owner, { delegateType: 'statusAnchor', delegate: another.address, validity: 60 })
    await expectRefusal(prove(await signed(second), await signed(second)), 'invalid_request', /NoEquivocation/)
    await expectRefusal(prove(await signed(second), await signed(second, another)), 'invalid_request', /NoEquivocation/)
    expect(await isEquivocated()).to.equal(false)
  })

  it('acquits heads that follow each other, and heads with others between them', async () => {
    const fourth = { ...second, version: 4, prev: hash('12') }
    for (const [a, b] of [
      [first, second],
      [second, first],
      [second, fourth],
    ] as const)
      await expectRefusal(prove(await signed(a), await signed(b)), 'invalid_request', /NoEquivocation/)
    expect(await isEquivocated()).to.equal(false)
  })

  it('acquits heads of different epochs and of different issuers', async () => {
    const other = await newIssuer(chain, `other ${issuers}`)
    const theirs = await signed({ ...fork, issuer: other.owner.address }, other.anchorer)
    await expectRefusal(prove(await signed(second), theirs), 'invalid_request', /NoEquivocation/)
    const later = await signed({ ...fork, epoch: 1 })
    await expectRefusal(prove(await signed(second), later), 'invalid_request', /NoEquivocation/)
    expect(await isEquivocated()).to.equal(false)
    expect(await isEquivocated(other.owner.address)).to.equal(false)
  })

  it('hears only who was a statusAnchor delegate: no owner, outsider or other delegate, on either side', async () => {
    const other = await newIssuer(chain, `other ${issuers}`)
    for (const signer of [owner, killer, actor('outsider'), other.anchorer]) {
      const forged = await signed(fork, signer)
      await expectRefusal(prove(await signed(second), forged), 'key_not_authorized', /NeverDelegate/)
      await expectRefusal(prove(forged, await signed(second)), 'key_not_authorized', /NeverDelegate/)
    }
    expect(await isEquivocated()).to.equal(false)
  })

  it("refuses somebody else's signature under the name of a delegate, on either side", async () => {
    const forged = { ...(await signed(fork, actor('outsider'))), signer: anchorer.address }
    await expectRefusal(prove(await signed(second), forged), 'signature_invalid', /WrongSigner/)
    await expectRefusal(prove(forged, await signed(second)), 'signature_invalid', /WrongSigner/)
  })

  it('refuses heads signed for another chain or registry', async () => {
    const foreign = { chainId: 31337, statusRegistry: chain.didRegistry }
    for (const domain of [domainOf(elsewhere), foreign])
      await expectRefusal(
        prove(await signed(second), await signed(fork, anchorer, domain)),
        'signature_invalid',
        /WrongSigner/,
      )
    expect(await isEquivocated()).to.equal(false)
  })

  it('convicts over delegates that were removed or whose time is over', async () => {
    const short = actor(`short-lived ${issuers}`)
    await addDelegate(chain, owner, { delegateType: 'statusAnchor', delegate: short.address, validity: 2 })
    await passTime(chain, 3)
    await revokeDelegate(chain, owner, { delegateType: 'statusAnchor', delegate: anchorer.address })
    await prove(await signed(second, short), await signed(fork))
    expect(await isEquivocated()).to.equal(true)
  })

  it('marks one epoch: the next begins clean, and can be convicted as well', async () => {
    await prove(await signed(second), await signed(fork))
    const opening = { issuer: owner.address, epoch: 1 }
    const signature = await signEpoch(owner, opening, domainOf(chain))
    await relay(chain, { to: chain.statusRegistry, data: encodeOpenEpoch(opening, signature) })
    expect(await isEquivocated()).to.equal(false)
    await prove(await signed({ ...second, epoch: 1 }), await signed({ ...fork, epoch: 1 }))
    expect(await isEquivocated()).to.equal(true)
    expect((await events()).map(({ type }) => type)).to.deep.equal(['equivocated', 'epochOpened', 'equivocated'])
  })
})
