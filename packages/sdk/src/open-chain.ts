import type * as Registry from '@consulate/registry'
import type { ChainSettings } from './chain-settings.ts'

type OpenChain = typeof Registry & { client: Registry.ChainClient }

const opened = new WeakMap<ChainSettings, Promise<OpenChain>>()
const separated = new WeakMap<ChainSettings, readonly ChainSettings[]>()

/**
 * The registry's functions and a client for this chain; viem is loaded only at the first call. All who pass the same object
 * share one client, and with it what is known of the RPC URLs.
 */
export function openChain(settings: ChainSettings): Promise<OpenChain> {
  const known = opened.get(settings) ?? open(settings)
  opened.set(settings, known)
  return known
}

/** The chain through each of its RPC URLs alone. Several at one host are one: they say the same, true or not. */
export function throughEach(settings: ChainSettings): readonly ChainSettings[] {
  const known = separated.get(settings) ?? separate(settings)
  separated.set(settings, known)
  return known
}

async function open({ chainId, rpcUrls, didRegistry, statusRegistry, report }: ChainSettings): Promise<OpenChain> {
  const registry = await import('@consulate/registry')
  const contracts = [didRegistry, statusRegistry]
  return { ...registry, client: registry.createChainClient({ rpcUrls, chainId, contracts, ...(report && { report }) }) }
}

/** Their ups and downs are reported once, by the client that has all of them. */
function separate({ report: _once, ...chain }: ChainSettings): ChainSettings[] {
  const byHost = new Map(chain.rpcUrls.map((url) => [new URL(url).host, url]))
  return [...byHost.values()].map((url) => ({ ...chain, rpcUrls: [url] }))
}
