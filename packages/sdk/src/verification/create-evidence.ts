import {
  checkStatus,
  DomainError,
  type Freshness,
  matchesRole,
  type RememberedCredential,
  type Sensitivity,
  type VerificationPorts,
} from '@consulate/core'
import { LRUCache } from 'lru-cache'
import type { KeyResolver } from '../did/key-resolver.ts'
import type { IssuerFollower } from '../status/follow-issuer.ts'

export interface EvidenceOptions {
  /** Whom the verifier's owner trusts for which role patterns; undefined for anybody else. */
  trust(issuer: string): { roles: readonly string[]; minSensitivity: Sensitivity } | undefined
  follower(issuer: string): Pick<IssuerFollower, 'status' | 'keys'> | undefined
  resolver: Pick<KeyResolver, 'resolveKeys'>
  /** Seconds since 1970. */
  now(): number
  /** How many checked credentials are remembered. */
  remember?: number
  freshness?: Freshness
}

/** What `verifyPresentation` asks of the world, answered from memory; only a holder of did:ethr or did:web is resolved over the network. */
export function createEvidence(options: EvidenceOptions): VerificationPorts {
  const { trust, follower, resolver, now, remember = 10_000, freshness } = options
  return {
    now,
    trust(issuer, role) {
      const trusted = trust(issuer)
      return trusted?.roles.some((pattern) => matchesRole(pattern, role)) ? trusted : undefined
    },
    issuerKeys: (issuer) => follower(issuer)?.keys(),
    holderKeys: (holder) => resolver.resolveKeys(holder),
    status(query) {
      const status = follower(query.issuer)?.status()
      if (!status)
        throw new DomainError(
          'status_unavailable',
          `Nothing is known yet of the status lists of ${query.issuer}; try again.`,
        )
      return checkStatus(status, query, now(), freshness)
    },
    remembered: new LRUCache<string, RememberedCredential>({ max: remember }),
  }
}
