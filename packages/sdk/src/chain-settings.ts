/** One Ethereum chain and the registries on it. */
export interface ChainSettings {
  chainId: number
  /** At least one. */
  rpcUrls: readonly string[]
  didRegistry: `0x${string}`
  statusRegistry: `0x${string}`
}
