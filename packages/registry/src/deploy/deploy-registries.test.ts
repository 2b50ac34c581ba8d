import { expect } from 'chai'
import { actor, ask, expectRefusal, onDevnet } from '../on-devnet.test.ts'
import { deployRegistries } from './deploy-registries.ts'
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
    expect(await deployRegistries(chain.client, actor('poor').privateKey)).to.deep.equal(registryAddresses())
    expect(await chain.client.getBlockNumber()).to.equal(block)
  })

  it('puts back what a chain has lost', async () => {
    const code = await chain.client.getCode({ address: chain.statusRegistry })
    await ask(chain.client, 'anvil_setCode', chain.statusRegistry, '0x')
    await ask(chain.client, 'anvil_setNonce', chain.statusRegistry, '0x0')
    await deployRegistries(chain.client, chain.devnet.accounts[0]!.privateKey)
    expect(await chain.client.getCode({ address: chain.statusRegistry })).to.equal(code)
  })

  it('says what a chain without the deployment proxy needs', async () => {
    await ask(chain.client, 'anvil_setCode', chain.statusRegistry, '0x')
    await ask(chain.client, 'anvil_setCode', DEPLOYMENT_PROXY, '0x')
    const attempt = deployRegistries(chain.client, chain.devnet.accounts[0]!.privateKey)
    await expectRefusal(attempt, 'chain_unavailable', /no deterministic deployment proxy at 0x4e59/)
  })
})
