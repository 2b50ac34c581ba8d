import { expect } from 'chai'
import { actor, addDelegate, onDevnet, ownerCall, relay, signDigest } from '../on-devnet.test.ts'
import { isDelegate } from './is-delegate.ts'
import { encodeRevokeDelegateSigned, revokeDelegateDigest } from './revoke-delegate.ts'
import { wasDelegate } from './was-delegate.ts'

describe('asking whether somebody was ever a delegate', () => {
  const chain = onDevnet()

  it('says yes from the first day on, and for good', async () => {
    const owner = actor('owner of delegates')
    const delegate = actor('a delegate').address
    const entry = { delegateType: 'statusKill', delegate, validity: 3600 } as const
    const { didRegistry } = chain
    const question = { didRegistry, identity: owner.address, delegateType: 'statusKill', delegate } as const
    expect(await wasDelegate(chain.client, question)).to.equal(false)

    await addDelegate(chain, owner, entry)
    expect(await wasDelegate(chain.client, question)).to.equal(true)
    expect(await wasDelegate(chain.client, { ...question, delegateType: 'statusAnchor' })).to.equal(false)

    const signature = await signDigest(owner, revokeDelegateDigest(await ownerCall(chain, owner.address), entry))
    await relay(chain, { to: didRegistry, data: encodeRevokeDelegateSigned(owner.address, entry, signature) })
    expect(await isDelegate(chain.client, question)).to.equal(false)
    expect(await wasDelegate(chain.client, question)).to.equal(true)
  })
})
