import type { Resolvable } from 'did-resolver'
import type { ChainSettings } from '../chain-settings.ts'
import { openChain } from '../open-chain.ts'

/** A did:ethr resolver for one chain; ethers is loaded only when the first did:ethr has to be resolved. */
export function ethrResolver(settings: ChainSettings): () => Promise<Resolvable> {
  let loaded: Promise<Resolvable> | undefined
  const load = async () => {
    const [{ Resolver }, { getResolver }, { ChainProvider }, { client }] = await Promise.all([
      import('did-resolver'),
      import('ethr-did-resolver'),
      import('./chain-provider.ts'),
      openChain(settings),
    ])
    const { chainId, didRegistry } = settings
    // The resolver's types name ethers' CommonJS build; it is the same class.
    const provider = new ChainProvider(client) as never
    const network = { name: `0x${chainId.toString(16)}`, chainId, provider, registry: didRegistry }
    return new Resolver(getResolver({ networks: [network] }))
  }
  return () => {
    loaded ??= load()
    return loaded
  }
}
