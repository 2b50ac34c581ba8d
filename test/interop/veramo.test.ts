import { createAgent, type IResolver } from '@veramo/core'
import { getDidKeyResolver } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { expect } from 'chai'
import { Resolver } from 'did-resolver'
import { getResolver as ethrResolver } from 'ethr-did-resolver'
import { type System, startSystem } from '../system/start-system.ts'

const ROLE = 'payments.approver'

describe('with Veramo as it comes', () => {
  let system: System
  let agent: ReturnType<typeof createAgent<IResolver>>

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const { chainId, rpcUrls, didRegistry } = system.chain
    const network = { name: `0x${chainId.toString(16)}`, chainId, rpcUrl: rpcUrls[0]!, registry: didRegistry }
    const resolver = new Resolver({ ...getDidKeyResolver(), ...ethrResolver({ networks: [network] }) })
    agent = createAgent<IResolver>({ plugins: [new DIDResolverPlugin({ resolver })] })
  })

  after(() => system?.stop())

  it('the DIDs of our issuer and of our agents resolve to the keys that sign', async () => {
    const { did, credential, wallet } = await system.agentWith('resolved', ROLE)
    const presentation = await wallet.present({ domain: 'https://api.example', challenge: 'a-challenge-of-theirs' })
    for (const [name, purpose, token] of [
      [system.issuer.did, 'assertionMethod', credential.verifiableCredential],
      [did, 'authentication', presentation],
    ] as const) {
      const { didDocument } = await agent.resolveDid({ didUrl: name })
      const { kid } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }
      const ids = didDocument![purpose]!.map((id) => (String(id).startsWith('#') ? `${name}${id}` : id))
      expect(ids).to.include(kid)
    }
  })
})
