/** What the bench tells a process of verifiers. */
export type Order =
  | { type: 'follow'; issuer: string; statusUrl: string; chain: Chain; verifiers: number }
  /** What of the issuer they can reach from now on. */
  | { type: 'reach'; what: Reach }
  | { type: 'watch'; id: number; credential: string }
  /** The credentials of its own agents, in the order of their DIDs. */
  | { type: 'present'; credentials: string[] }
  | { type: 'count' }

export type Reach = 'everything' | 'no pushes' | 'nothing'

/** What it answers. Times are the system's monotonic clock in nanoseconds. */
export type Report =
  | { type: 'ready'; agents: string[] }
  | { type: 'refused'; id: number; at: string; code: string }
  /** Since the last time: presentations of other agents, and by code those that were refused. */
  | { type: 'counted'; presented: number; refused: Record<string, number> }

export interface Chain {
  chainId: number
  rpcUrls: string[]
  didRegistry: `0x${string}`
  statusRegistry: `0x${string}`
}
