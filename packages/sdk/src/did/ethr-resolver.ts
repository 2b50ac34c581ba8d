import type { DIDResolutionResult } from 'did-resolver'
import type { ChainSettings } from '../chain-settings.ts'
import { openChain } from '../open-chain.ts'

export type ResolveEthr = (did: string) => Promise<DIDResolutionResult>

/** Resolves the did:ethr of one chain as they stand in its newest block; ethers is loaded only when the first one has to be. */
export function ethrResolver(settings: ChainSettings): ResolveEthr {
  let loaded: Promise<ResolveEthr> | undefined
  return async (did) => {
    loaded ??= load(settings)
    return (await loaded)(did)
  }
}

async function load(settings: ChainSettings): Promise<ResolveEthr> {
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
  const resolver = new Resolver(getResolver({ networks: [network] }))
  return async (did) => resolver.resolve(did, { blockTag: Number(await client.getBlockNumber()) })
}
