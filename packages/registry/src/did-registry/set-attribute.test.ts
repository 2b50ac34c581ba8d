import { expect } from 'chai'
import { getResolver } from 'ethr-did-resolver'
import { encodeFunctionData, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import {
  type Actor,
  actor,
  addDelegate,
  expectRefusal,
  onDevnet,
  ownerCall,
  relay,
  signDigest,
} from '../on-devnet.test.ts'
import { ED25519_KEY_ATTRIBUTE } from './attribute.ts'
import { isDelegate } from './is-delegate.ts'
import { ownerDigest, splitSignature } from './owner-digest.ts'
import { readDidEvents } from './read-did-events.ts'
import { readOwner } from './read-owner.ts'
import { encodeRevokeAttributeSigned, revokeAttributeDigest } from './revoke-attribute.ts'
import { encodeRevokeDelegateSigned, revokeDelegateDigest } from './revoke-delegate.ts'
import { encodeSetAttributeSigned, setAttributeDigest } from './set-attribute.ts'

describe('changing a did:ethr by its owner’s signature', () => {
  const chain = onDevnet()
  const value: Hex = `0x${'7f'.repeat(32)}`
  const key = { name: ED25519_KEY_ATTRIBUTE, value, validity: 86_400 }
  let owner: Actor
  let identities = 0

  beforeEach(() => {
    owner = actor(`identity ${identities++}`)
  })

  async function setKey(identity: Actor, signer = identity) {
    const digest = setAttributeDigest(await ownerCall(chain, identity.address), key)
    const data = encodeSetAttributeSigned(identity.address, key, await signDigest(signer, digest))
    return relay(chain, { to: chain.didRegistry, data })
  }

  async function resolve({ address }: Actor) {
    const network = { name: '0x7a69', chainId: 31337, rpcUrl: chain.devnet.rpcUrl, registry: chain.didRegistry }
    const did = `did:ethr:0x7a69:${address}`
    const parsed = { did, didUrl: did, method: 'ethr', id: `0x7a69:${address}` }
    const { didDocument } = await getResolver(network).ethr!(did, parsed, {} as never, {})
    return didDocument!
  }

  async function events() {
    const range = { fromBlock: 0, toBlock: Number(await chain.client.getBlockNumber()) }
    return readDidEvents(chain.client, { didRegistry: chain.didRegistry, identities: [owner.address], ...range })
  }

  it('puts an Ed25519 key into assertionMethod, as ethr-did-resolver reads it', async () => {
    await setKey(owner)
    const { assertionMethod, verificationMethod } = await resolve(owner)
    const method = verificationMethod?.find(({ type }) => type === 'Ed25519VerificationKey2018')
    expect(method).to.include({ publicKeyHex: value.slice(2) })
    expect(assertionMethod).to.include(method?.id)
  })

  it('takes a revoked key out of the document', async () => {
    await setKey(owner)
    const digest = revokeAttributeDigest(await ownerCall(chain, owner.address), key)
    const data = encodeRevokeAttributeSigned(owner.address, key, await signDigest(owner, digest))
    await relay(chain, { to: chain.didRegistry, data })
    expect((await resolve(owner)).assertionMethod).to.deep.equal([`did:ethr:0x7a69:${owner.address}#controller`])
  })

  it('adds and revokes a delegate', async () => {
    const { client, didRegistry } = chain
    const entry = { delegateType: 'statusAnchor', delegate: actor('delegate').address } as const
    const question = { didRegistry, identity: owner.address, ...entry }
    expect(await isDelegate(client, question)).to.equal(false)
    await addDelegate(chain, owner, { ...entry, validity: 60 })
    expect(await isDelegate(client, question)).to.equal(true)
    expect(await isDelegate(client, { ...question, delegateType: 'statusKill' })).to.equal(false)
    const digest = revokeDelegateDigest(await ownerCall(chain, owner.address), entry)
    const data = encodeRevokeDelegateSigned(owner.address, entry, await signDigest(owner, digest))
    await relay(chain, { to: didRegistry, data })
    expect(await isDelegate(client, question)).to.equal(false)
  })

  it('obeys the new owner after a change, and the old one no longer', async () => {
    const next = actor(`${identities} next`)
    const call = await ownerCall(chain, owner.address)
    const signature = await signDigest(owner, ownerDigest(call, 'changeOwner', next.address))
    const args = [owner.address, ...splitSignature(signature), next.address] as const
    const data = encodeFunctionData({ abi: didRegistryAbi, functionName: 'changeOwnerSigned', args })
    await relay(chain, { to: chain.didRegistry, data })
    const { client, didRegistry } = chain
    expect(await readOwner(client, { didRegistry, identity: owner.address })).to.equal(next.address)
    await expectRefusal(setKey(owner), 'signature_invalid', /bad_signature/)
    expect((await setKey(owner, next)).status).to.equal('success')
    expect((await setKey(owner, next)).status).to.equal('success')
  })

  it('refuses an outsider’s signature and a used one', async () => {
    await expectRefusal(setKey(owner, actor('outsider')), 'signature_invalid', /bad_signature/)
    const digest = setAttributeDigest(await ownerCall(chain, owner.address), key)
    const data = encodeSetAttributeSigned(owner.address, key, await signDigest(owner, digest))
    await relay(chain, { to: chain.didRegistry, data })
    await expectRefusal(relay(chain, { to: chain.didRegistry, data }), 'signature_invalid', /bad_signature/)
  })

  it('reports what changed, for the identities asked about alone', async () => {
    const delegate = actor('delegate').address
    await setKey(owner)
    await addDelegate(chain, owner, { delegateType: 'statusKill', delegate, validity: 60 })
    await setKey(actor('somebody else'))
    const [attribute, added, ...others] = await events()
    expect(others).to.deep.equal([])
    const identity = owner.address
    expect(attribute).to.deep.include({ type: 'attributeChanged', identity, name: ED25519_KEY_ATTRIBUTE, value })
    expect(added).to.deep.include({ type: 'delegateChanged', identity, delegateType: 'statusKill', delegate })
    expect(added!.blockNumber).to.be.greaterThan(attribute!.blockNumber)
    const nobody = { didRegistry: chain.didRegistry, identities: [], fromBlock: 0, toBlock: added!.blockNumber }
    expect(await readDidEvents(chain.client, nobody)).to.deep.equal([])
  })
})
