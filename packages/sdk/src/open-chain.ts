import type * as Registry from '@consulate/registry'
import type { ChainSettings } from './chain-settings.ts'

type OpenChain = typeof Registry & { client: Registry.ChainClient }

const opened = new WeakMap<ChainSettings, Promise<OpenChain>>()

/**
 * The registry's functions and a client for this chain; viem is loaded only at the first call. All who pass the same object
 * share one client, and with it what is known of the RPC URLs.
 */
export function openChain(settings: ChainSettings): Promise<OpenChain> {
  const known = opened.get(settings) ?? open(settings)
  opened.set(settings, known)
  return known
}

async function open({ chainId, rpcUrls, didRegistry, statusRegistry, report }: ChainSettings): Promise<OpenChain> {
  const registry = await import('@consulate/registry')
  const contracts = [didRegistry, statusRegistry]
  return { ...registry, client: registry.createChainClient({ rpcUrls, chainId, contracts, ...(report && { report }) }) }
}
