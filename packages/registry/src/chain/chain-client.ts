import { type Address, type Chain, createPublicClient, defineChain, type PublicClient } from 'viem'
import { type Failover, failover } from './failover.ts'
import { createRpcEndpoint, type EndpointReport } from './rpc-endpoint.ts'

export type ChainClient = PublicClient<Failover, Chain>

export interface ChainClientOptions {
  /** At least one. Asked in this order: the next one when the one before gives no answer or is on another chain. */
  rpcUrls: readonly string[]
  chainId: number
  /** Contracts that the chain must have: a URL without them is on another chain, whatever its id. */
  contracts?: readonly Address[]
  /** Milliseconds for one answer of one URL. */
  timeout?: number
  /** Milliseconds after which a URL is looked at again: for its chain id, or whether it is back. */
  recheck?: number
  /** Told when a URL goes out of use and when it comes back. */
  report?: (report: EndpointReport) => void
}

export function createChainClient(options: ChainClientOptions): ChainClient {
  const { rpcUrls, chainId, contracts = [], timeout = 3_000, recheck = 5_000, report = () => {} } = options
  const endpoints = rpcUrls.map((url, index) =>
    createRpcEndpoint({ url, name: nameOf(url, index), chainId, contracts, timeout, recheck, report }),
  )
  return createPublicClient({
    chain: defineChain({
      id: chainId,
      name: `chain ${chainId}`,
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [] } },
      fees: { baseFeeMultiplier: 2 }, // a transaction outlives six full blocks
    }),
    transport: failover(endpoints),
    pollingInterval: 100,
    cacheTime: 0,
    ccipRead: false,
  })
}

function nameOf(url: string, index: number): string {
  return `RPC URL ${index + 1} at ${new URL(url).host}`
}
