import {
  createChainReader,
  createKeyResolver,
  type Equivocation,
  type FollowOptions,
  followIssuer,
  type MemoryStore,
} from '@consulate/sdk'
import type { System } from './start-system.ts'

export type Answer = (url: string, real: () => Promise<Response>) => Promise<Response>

/** A verifier's follower of the system's issuer, whose line to the issuer somebody else holds. */
export function followThrough(
  system: System,
  answer: Answer,
  memory: MemoryStore = forgetful(),
  change: Partial<FollowOptions> = {},
) {
  const fetchThrough = (async (input: string, init?: RequestInit) =>
    answer(input, () => fetch(input, init))) as typeof globalThis.fetch
  return followIssuer({
    issuer: system.issuer.did,
    statusUrl: `${system.issuer.url}/status`,
    chain: system.chain,
    reader: createChainReader(system.chain),
    resolver: createKeyResolver({ chain: system.chain }),
    memory,
    fetch: fetchThrough,
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    deadlineMs: 3_000,
    ...change,
  })
}

export function forgetful(): MemoryStore & { convictions: Map<string, Equivocation> } {
  const snapshots = new Map<string, string>()
  const convictions = new Map<string, Equivocation>()
  return {
    convictions,
    convict: async (issuer, equivocation) => void convictions.set(issuer, equivocation),
    convictedEpoch: async (issuer) => convictions.get(issuer)?.epoch,
    load: async (issuer) => snapshots.get(issuer),
    save: async (issuer, snapshot) => void snapshots.set(issuer, snapshot),
  }
}

export function json(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' } })
}
