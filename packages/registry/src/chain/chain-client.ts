import type { Chain, HttpTransport } from 'viem'
import { createPublicClient, defineChain, type FallbackTransport, fallback, http, type PublicClient } from 'viem'

export type ChainClient = PublicClient<FallbackTransport<readonly HttpTransport[]>, Chain>

export interface ChainClientOptions {
  /** At least one. Asked in this order: the next one when the one before gives no answer. */
  rpcUrls: readonly string[]
  chainId: number
  /** Milliseconds for one answer of one URL. */
  timeout?: number
}

export function createChainClient({ rpcUrls, chainId, timeout = 5_000 }: ChainClientOptions): ChainClient {
  const endpoints = rpcUrls.map((url) => http(url, { timeout, retryCount: 0 }))
  return createPublicClient({
    chain: defineChain({
      id: chainId,
      name: `chain ${chainId}`,
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: rpcUrls } },
    }),
    transport: fallback(endpoints, { retryCount: 1, retryDelay: 100 }),
    pollingInterval: 100,
    cacheTime: 0,
    ccipRead: false,
  })
}
