import type { Head } from '@consulate/core'
import { expect } from 'chai'
import { type Hex, hashStruct, parseSignature, serializeSignature, zeroHash } from 'viem'
import { encodeRevokeDelegateSigned, revokeDelegateDigest } from '../did-registry/revoke-delegate.ts'
import {
  type Actor,
  actor,
  addDelegate,
  blockTime,
  type Domain,
  domainOf,
  expectRefusal,
  headTypes,
  newIssuer,
  onDevnet,
  ownerCall,
  passTime,
  relay,
  signDigest,
  signHead,
} from '../on-devnet.test.ts'
import type { Receipt } from '../transaction/read-receipt.ts'
import { encodeAnchor } from './anchor.ts'
import { readStatus } from './read-status.ts'
import { readStatusEvents } from './read-status-events.ts'

describe('anchoring a head', () => {
  const chain = onDevnet()
  const elsewhere = onDevnet({ chainId: 31338 })
  const root: Hex = `0x${'ab'.repeat(32)}`
  let owner: Actor
  let anchorer: Actor
  let killer: Actor
  let issuers = 0

  beforeEach(async () => {
    ;({ owner, anchorer, killer } = await newIssuer(chain, `issuer ${issuers++}`))
  })

  async function newHead(fields: Partial<Head> = {}): Promise<Head> {
    const issuedAt = await blockTime(chain)
    const head = { issuer: owner.address, epoch: 0, version: 1, prev: zeroHash, root, issuedAt }
    return { ...head, validUntil: issuedAt + 3600, ...fields }
  }

  async function anchor(head: Head, signer = anchorer, domain: Domain = domainOf(chain)): Promise<Receipt> {
    return submit(head, signer, await signHead(signer, head, domain))
  }

  async function submit(head: Head, signer: Actor, signature: Hex, account = 1): Promise<Receipt> {
    return relay(chain, { to: chain.statusRegistry, data: encodeAnchor(head, signer.address, signature) }, account)
  }

  async function status() {
    return readStatus(chain.client, { statusRegistry: chain.statusRegistry, issuer: owner.address })
  }

  it('records a head signed by a statusAnchor delegate, paid by somebody else', async () => {
    const head = await newHead()
    const { blockNumber } = await anchor(head)
    expect(await status()).to.deep.equal({
      epoch: 0,
      version: 1,
      headHash: hashStruct({ types: headTypes, primaryType: 'Head', data: { ...head, version: 1n } }),
      anchoredBlock: blockNumber,
      deadBefore: 0,
      equivocated: false,
    })
  })

  it('logs all that is needed to check the signature', async () => {
    const head = await newHead({ version: 9, prev: `0x${'cd'.repeat(32)}` })
    const signature = await signHead(anchorer, head, domainOf(chain))
    const { blockNumber, blockHash } = await submit(head, anchorer, signature)
    const { statusRegistry } = chain
    const range = { fromBlock: 0, toBlock: blockNumber }
    const [event, ...others] = await readStatusEvents(chain.client, { statusRegistry, issuer: owner.address, ...range })
    expect(others).to.deep.equal([])
    expect(event).to.deep.include({
      type: 'anchored',
      head,
      signer: anchorer.address,
      signature,
      blockNumber,
      blockHash,
    })
    expect(event).to.deep.include({ headHash: (await status()).headHash })
  })

  it('lets versions skip, from whoever pays', async () => {
    const head = await newHead({ version: 1 })
    await submit(head, anchorer, await signHead(anchorer, head, domainOf(chain)), 2)
    const later = await newHead({ version: 500 })
    await submit(later, anchorer, await signHead(anchorer, later, domainOf(chain)), 3)
    expect((await status()).version).to.equal(500)
  })

  it('refuses the owner, who is no delegate', async () => {
    await expectRefusal(anchor(await newHead(), owner), 'key_not_authorized', /NotDelegate/)
  })

  it('refuses an outsider', async () => {
    await expectRefusal(anchor(await newHead(), actor('outsider')), 'key_not_authorized', /NotDelegate/)
  })

  it('refuses a statusKill delegate', async () => {
    await expectRefusal(anchor(await newHead(), killer), 'key_not_authorized', /NotDelegate/)
  })

  it("refuses another issuer's delegate", async () => {
    const other = await newIssuer(chain, 'another issuer')
    await expectRefusal(anchor(await newHead(), other.anchorer), 'key_not_authorized', /NotDelegate/)
  })

  it('refuses a signature of somebody else under the name of the delegate', async () => {
    const head = await newHead()
    const forged = await signHead(actor('outsider'), head, domainOf(chain))
    await expectRefusal(submit(head, anchorer, forged), 'signature_invalid', /WrongSigner/)
  })

  for (const field of ['version', 'prev', 'root', 'issuedAt', 'validUntil'] as const) {
    it(`refuses a head whose ${field} was altered after signing`, async () => {
      const head = await newHead({ version: 7 })
      const signature = await signHead(anchorer, head, domainOf(chain))
      const value = head[field]
      const altered = { ...head, [field]: typeof value === 'number' ? value + 1 : `0x${'12'.repeat(32)}` }
      await expectRefusal(submit(altered, anchorer, signature), 'signature_invalid', /WrongSigner/)
    })
  }

  it('refuses the high-S twin of a good signature', async () => {
    const head = await newHead()
    const { r, s, yParity } = parseSignature(await signHead(anchorer, head, domainOf(chain)))
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const twin = serializeSignature({ r, s: `0x${(order - BigInt(s)).toString(16)}`, yParity: 1 - yParity })
    await expectRefusal(submit(head, anchorer, twin), 'signature_invalid', /ECDSAInvalidSignatureS/)
  })

  it('refuses a signature cut short, made long or made empty', async () => {
    const head = await newHead()
    const signature = await signHead(anchorer, head, domainOf(chain))
    for (const mangled of [signature.slice(0, -2), `${signature}00`, '0x'] as Hex[]) {
      await expectRefusal(submit(head, anchorer, mangled), 'signature_invalid', /ECDSAInvalidSignatureLength/)
    }
  })

  it('refuses a replay of the same head, and any older one', async () => {
    const first = await newHead({ version: 1 })
    const signature = await signHead(anchorer, first, domainOf(chain))
    await submit(first, anchorer, signature)
    await expectRefusal(submit(first, anchorer, signature), 'status_rollback', /VersionNotAhead\(1, 1\)/)
    await anchor(await newHead({ version: 3 }))
    await expectRefusal(anchor(await newHead({ version: 2 })), 'status_rollback', /VersionNotAhead\(3, 2\)/)
    await expectRefusal(submit(first, anchorer, signature), 'status_rollback', /VersionNotAhead\(3, 1\)/)
    expect((await status()).version).to.equal(3)
  })

  it('refuses version 0', async () => {
    await expectRefusal(anchor(await newHead({ version: 0 })), 'status_rollback', /VersionNotAhead\(0, 0\)/)
  })

  it('refuses a higher version that was issued earlier', async () => {
    const first = await newHead()
    await anchor(first)
    const back = await newHead({ version: 2, issuedAt: first.issuedAt - 1 })
    await expectRefusal(anchor(back), 'status_rollback', /IssuedBeforeAnchored/)
  })

  it('refuses another epoch than the current one', async () => {
    await expectRefusal(anchor(await newHead({ epoch: 1 })), 'status_rollback', /EpochMismatch\(0, 1\)/)
  })

  it('refuses a signature made for another chain', async () => {
    const head = await newHead()
    const signature = await signHead(anchorer, head, domainOf(elsewhere))
    expect(elsewhere.statusRegistry).to.equal(chain.statusRegistry)
    await expectRefusal(submit(head, anchorer, signature), 'signature_invalid', /WrongSigner/)
    await newIssuer(elsewhere, `issuer ${issuers - 1}`)
    const data = encodeAnchor(head, anchorer.address, signature)
    expect((await relay(elsewhere, { to: elsewhere.statusRegistry, data })).status).to.equal('success')
  })

  it('refuses a signature made for a registry at another address', async () => {
    const domain = { chainId: 31337, statusRegistry: chain.didRegistry }
    await expectRefusal(anchor(await newHead(), anchorer, domain), 'signature_invalid', /WrongSigner/)
  })

  it('refuses a head that has expired', async () => {
    const now = await blockTime(chain)
    await expectRefusal(anchor(await newHead({ issuedAt: now - 9, validUntil: now })), 'head_expired', /HeadExpired/)
  })

  it('refuses a head issued more than a minute ahead of the block', async () => {
    const now = await blockTime(chain)
    await expectRefusal(anchor(await newHead({ issuedAt: now + 120 })), 'invalid_request', /TooFarAhead/)
    expect((await anchor(await newHead({ issuedAt: now + 55 }))).status).to.equal('success')
  })

  it('refuses a delegate whose time is over, and takes its successor', async () => {
    const short = actor(`short-lived ${issuers}`)
    const next = actor(`successor ${issuers}`)
    await addDelegate(chain, owner, { delegateType: 'statusAnchor', delegate: short.address, validity: 2 })
    await anchor(await newHead({ version: 1 }), short)
    await passTime(chain, 3)
    await expectRefusal(anchor(await newHead({ version: 2 }), short), 'key_not_authorized', /NotDelegate/)
    await addDelegate(chain, owner, { delegateType: 'statusAnchor', delegate: next.address, validity: 60 })
    await anchor(await newHead({ version: 2 }), next)
    expect((await status()).version).to.equal(2)
  })

  it('refuses a delegate that was revoked', async () => {
    const entry = { delegateType: 'statusAnchor', delegate: anchorer.address } as const
    const signature = await signDigest(owner, revokeDelegateDigest(await ownerCall(chain, owner.address), entry))
    await relay(chain, { to: chain.didRegistry, data: encodeRevokeDelegateSigned(owner.address, entry, signature) })
    await expectRefusal(anchor(await newHead()), 'key_not_authorized', /NotDelegate/)
  })
})
