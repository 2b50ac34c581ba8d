import type { EndpointReport } from '@consulate/registry'

/** One Ethereum chain and the registries on it. */
export interface ChainSettings {
  chainId: number
  /** At least one. Asked in this order: the next one when the one before gives no answer or is on another chain. */
  rpcUrls: readonly string[]
  didRegistry: `0x${string}`
  statusRegistry: `0x${string}`
  /** Told when an RPC URL goes out of use and when it comes back. */
  report?: (report: EndpointReport) => void
}
