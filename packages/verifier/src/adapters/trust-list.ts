import type { TrustList } from '../ports.ts'
import type { TrustedIssuer } from '../records.ts'

export function createTrustList(stored: readonly TrustedIssuer[]): TrustList {
  const trusted = new Map(stored.map((trust) => [trust.did, trust]))
  return {
    find: (did) => trusted.get(did),
    all: () => [...trusted.values()],
    set: (trust) => void trusted.set(trust.did, trust),
    remove: (did) => void trusted.delete(did),
  }
}
