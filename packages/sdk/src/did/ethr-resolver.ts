import type { Resolvable } from 'did-resolver'
import type { ChainSettings } from '../chain-settings.ts'

/** A did:ethr resolver for one chain; ethers is loaded only when the first did:ethr has to be resolved. */
export function ethrResolver({ chainId, rpcUrls, didRegistry }: ChainSettings): () => Promise<Resolvable> {
  let loaded: Promise<Resolvable> | undefined
  const load = async () => {
    const [{ Resolver }, { getResolver }, { JsonRpcProvider }] = await Promise.all([
      import('did-resolver'),
      import('ethr-did-resolver'),
      import('ethers'),
    ])
    const provider = new JsonRpcProvider(rpcUrls[0], chainId, {
      staticNetwork: true,
      batchMaxCount: 1,
      cacheTimeout: -1,
    })
    const name = `0x${chainId.toString(16)}`
    // The resolver's types name ethers' CommonJS build; it is the same class.
    const network = { name, chainId, provider: provider as never, registry: didRegistry }
    return new Resolver(getResolver({ networks: [network] }))
  }
  return () => {
    loaded ??= load()
    return loaded
  }
}
