import { expect } from 'chai'
import { actor, addDelegate, newIssuer, onDevnet } from '../on-devnet.test.ts'
import { readDidEvents } from './read-did-events.ts'
import { readFirstChange } from './read-first-change.ts'

describe('finding the first change of an identity', () => {
  const chain = onDevnet()

  it('follows the links of its changes', async () => {
    const { owner } = await newIssuer(chain, 'changed often')
    await newIssuer(chain, 'somebody else')
    await addDelegate(chain, owner, { delegateType: 'veriKey', delegate: actor('late').address, validity: 60 })
    const { didRegistry } = chain
    const toBlock = Number(await chain.client.getBlockNumber())
    const events = await readDidEvents(chain.client, {
      didRegistry,
      identities: [owner.address],
      fromBlock: 0,
      toBlock,
    })
    expect(events).to.have.lengthOf(3)
    const first = await readFirstChange(chain.client, { didRegistry, identity: owner.address })
    expect(first).to.equal(events[0]!.blockNumber).and.to.be.below(events[2]!.blockNumber)
  })

  it('knows who never changed', async () => {
    const question = { didRegistry: chain.didRegistry, identity: actor('unchanged').address }
    expect(await readFirstChange(chain.client, question)).to.equal(undefined)
  })
})
