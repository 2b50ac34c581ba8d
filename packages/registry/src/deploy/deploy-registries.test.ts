import { expect } from 'chai'
import type { Address } from 'viem'
import { actor, ask, expectRefusal, onDevnet } from '../on-devnet.test.ts'
import { deployRegistries } from './deploy-registries.ts'
import { planDeployment } from './plan-deployment.ts'
import { DEPLOYMENT_PROXY, registryAddresses } from './registry-addresses.ts'

describe('deploying the registries', () => {
  const chain = onDevnet()

  it('puts them where they are expected on every chain', async () => {
    const { didRegistry, statusRegistry } = chain
    expect({ didRegistry, statusRegistry }).to.deep.equal(registryAddresses())
    for (const address of [didRegistry, statusRegistry]) {
      expect(await chain.client.getCode({ address })).to.have.length.greaterThan(1000)
    }
  })

  it('leaves alone what is there, and needs no money to see it', async () => {
    const block = await chain.client.getBlockNumber()
    const { contracts, ...addresses } = await deployRegistries(chain.client, actor('poor').privateKey)
    expect(addresses).to.deep.equal(registryAddresses())
    expect(contracts.filter(({ transaction }) => transaction)).to.deep.equal([])
    expect(await chain.client.getBlockNumber()).to.equal(block)
  })

  it('puts back what a chain has lost', async () => {
    const code = await chain.client.getCode({ address: chain.statusRegistry })
    await ask(chain.client, 'anvil_setCode', chain.statusRegistry, '0x')
    await ask(chain.client, 'anvil_setNonce', chain.statusRegistry, '0x0')
    await deployRegistries(chain.client, chain.devnet.accounts[0]!.privateKey)
    expect(await chain.client.getCode({ address: chain.statusRegistry })).to.equal(code)
  })

  it('takes an ERC-1056 that exists, and puts a StatusRegistry of its own beside it', async () => {
    const didRegistry = await copyOf(chain.didRegistry, `0x${'d1'.repeat(20)}`)
    const deployed = await deployRegistries(chain.client, chain.devnet.accounts[0]!.privateKey, { didRegistry })
    expect(deployed).to.deep.include(registryAddresses(didRegistry))
    expect(deployed.statusRegistry).to.not.equal(chain.statusRegistry)
    expect(deployed.contracts.map(({ name, transaction }) => [name, transaction !== undefined])).to.deep.equal([
      ['ERC-1056', false],
      ['StatusRegistry', true],
    ])
  })

  it('takes nothing else for an ERC-1056', async () => {
    for (const didRegistry of [chain.statusRegistry, actor('somebody').address]) {
      const attempt = planDeployment(chain.client, didRegistry)
      await expectRefusal(attempt, 'chain_unavailable', /no contract that answers like an ERC-1056 registry/)
    }
  })

  it('says beforehand what is missing and what it costs, and asks for that much money', async () => {
    const other = await copyOf(chain.didRegistry, `0x${'e0'.repeat(20)}`)
    const plan = await planDeployment(chain.client, other)
    expect(plan.contracts.map(({ isThere }) => isThere)).to.deep.equal([true, false])
    const block = await chain.client.getBlock()
    expect(Number(plan.gas)).to.be.within(1_000_000, 16_000_000)
    expect(plan.cost >= plan.gas * block.baseFeePerGas!).to.equal(true)
    const poor = deployRegistries(chain.client, actor('poor').privateKey, { didRegistry: other })
    await expectRefusal(poor, 'chain_unavailable', /has 0 ETH on chain 31337 and needs up to 0\.\d+ ETH: fund/)
  })

  it('says what a chain without the deployment proxy needs', async () => {
    await ask(chain.client, 'anvil_setCode', chain.statusRegistry, '0x')
    await ask(chain.client, 'anvil_setCode', DEPLOYMENT_PROXY, '0x')
    const attempt = deployRegistries(chain.client, chain.devnet.accounts[0]!.privateKey)
    await expectRefusal(attempt, 'chain_unavailable', /no deterministic deployment proxy at 0x4e59/)
  })

  /** The contract's code at another address. */
  async function copyOf(address: Address, copy: Address): Promise<Address> {
    await ask(chain.client, 'anvil_setCode', copy, await chain.client.getCode({ address }))
    return copy
  }
})
