import type { ChallengePorts, VerificationPorts } from '@consulate/core'
import type { SecuredPorts } from '@consulate/core/data-integrity'
import type { Conviction, ResourceServer, TrustedIssuer } from './records.ts'

/** The verifier's records. Every write is on disk when it returns. */
export interface Store {
  /**
   * Does `work` in one transaction, which every read and write in it joins, once for each idempotency key: repeated, it
   * resolves to what it came to then, with what was done since left as it is.
   */
  once<T>(work: () => Promise<T>): Promise<{ value: T; replayed: boolean }>
  /** Forgets the idempotency keys of requests from before then, in seconds since 1970. */
  forgetKeys(receivedBefore: number): Promise<void>
  /**
   * True when the issuer was not trusted before; otherwise it keeps its `createdAt`, and its `statusToken` when none is given
   * here: as long as its status stays at that origin.
   */
  putTrust(trust: Omit<TrustedIssuer, 'statusToken'> & Partial<Pick<TrustedIssuer, 'statusToken'>>): Promise<boolean>
  listTrust(): Promise<TrustedIssuer[]>
  /** Also clears what the issuer was convicted of: whoever trusts it again has seen it. Both are kept with who did it. */
  removeTrust(did: string, remover: Remover): Promise<boolean>
  /** What the issuer was convicted of and nobody has cleared, the newest epoch first. */
  listConvictions(did: string): Promise<Conviction[]>
  /** What the issuer was convicted of, cleared or not, the newest epoch first. */
  listEvidence(did: string, limit: number): Promise<Conviction[]>
  clearConvictions(did: string, cleared: { clearedAt: number; clearedBy: string }): Promise<void>
  /** Calls `handler` when any instance has changed the trust list, or may have. */
  onTrustChange(handler: () => void): void
  /** False, and nothing is added, when another one has its name. */
  addResourceServer(server: ResourceServer): Promise<boolean>
  listResourceServers(page: Page): Promise<ResourceServer[]>
  findResourceServerByToken(tokenHash: string): Promise<ResourceServer | undefined>
  removeResourceServer(id: string, remover: Remover): Promise<boolean>
  /** Lets go of what is remembered of resource servers. For after the commit of a removal: sooner, it would be read again. */
  forgetResourceServers(): void
  /** Calls `handler` when any instance has removed a resource server, or may have. */
  onResourceServerChange(handler: () => void): void
  /** True for the first caller alone, across instances. `expiresAt` in seconds since 1970. */
  consumeChallenge(id: string, expiresAt: number): Promise<boolean>
  forgetChallenges(expiredBefore: number): Promise<void>
}

/** Who removes something, and when, in seconds since 1970. */
interface Remover {
  by: string
  at: number
}

interface Page {
  /** Items after this key, in the order of the key. */
  after: string | undefined
  limit: number
}

/** Follows the status of trusted issuers and answers from memory. */
export interface StatusFollower {
  /** Throws `did_method_unsupported` for an issuer whose status cannot be followed here. */
  assertFollowable(did: string): void
  /** Begins to follow; an issuer that is followed at that URL already is left alone, or called again with another token. */
  follow(trust: Pick<TrustedIssuer, 'did' | 'statusUrl' | 'statusToken'>): void
  unfollow(did: string): Promise<void>
  /** The newest epoch of the issuer that the chain proves to be opened. */
  openedEpoch(did: string): number
  /** What is known of an issuer now; undefined before its first head was verified. */
  describe(did: string): StatusDescription | undefined
  /** What is known of all issuers that are followed, without their names. */
  survey(): StatusSurvey
}

export interface StatusDescription {
  headVersion: number
  ageMs: number
  anchored: boolean
  anchorLagMs: number
  /** Null before the chain was read. */
  chainAgeMs: number | null
  /** Whether the issuer pushes it, or is asked each second. */
  pushed: boolean
}

/**
 * `fresh`: known well enough for roles of every sensitivity. `stale`: for lesser ones at the most, or for none.
 * `distrusted`: it contradicted itself or the chain. `unknown`: no head of it was verified yet.
 */
export type Knowledge = 'fresh' | 'stale' | 'distrusted' | 'unknown'

export interface StatusSurvey {
  /** Issuers in each state. */
  issuers: Record<Knowledge, number>
  /** Milliseconds since the status that was confirmed longest ago was confirmed; undefined while none is known. */
  oldestMs: number | undefined
  /** Issuers that push their status. */
  pushing: number
  /** Milliseconds that the oldest head of any of them has waited for the chain; undefined while none is known. */
  anchorLagMs: number | undefined
  /** Milliseconds since the chain of the one whose chain was read longest ago was read; undefined while none is known. */
  chainAgeMs: number | undefined
  /** Issuers of whom an RPC says more than signatures prove. */
  unproven: number
}

/** What is counted as it happens; `undecided` when what it takes to decide could not be had. Counting never fails and never waits. */
export interface Metrics {
  verified(kind: 'presentation' | 'credential', outcome: 'verified' | 'refused' | 'undecided'): void
}

/** Seals the tokens that issuers know this verifier by; what is sealed opens for that issuer at that origin only. */
export interface StatusTokens {
  seal(trust: Pick<TrustedIssuer, 'did' | 'statusUrl'>, token: string): Uint8Array
  open(trust: Pick<TrustedIssuer, 'did' | 'statusUrl'>, sealed: Uint8Array): string
}

/** The trust list, in memory, as it stands on disk. */
export interface TrustList {
  find(did: string): TrustedIssuer | undefined
  all(): TrustedIssuer[]
  set(trust: TrustedIssuer): void
  remove(did: string): void
}

/** The part of verification that answers from memory, or resolves a holder. */
export type Evidence = VerificationPorts

export interface Documents {
  /**
   * The document that a canonical DID stands for now, and what is known of it. Asks the chain for a did:ethr and its host for
   * a did:web, with a deadline; throws `did_method_unsupported`, `did_unresolvable`, `did_deactivated`, `did_malformed`.
   */
  resolve(did: string): Promise<{ didDocument: object; didDocumentMetadata: object }>
}

/** The same for instances, which keep nothing in memory but keys: lists are fetched each time. */
export type SecuredEvidence = Omit<SecuredPorts, 'trusts'>

/** Which challenges were used up, by id. */
export interface UsedChallenges {
  /** True for the first caller alone, and for a repetition of its request. `expiresAt` in seconds since 1970. */
  use(id: string, expiresAt: number): Promise<boolean>
  forget(expiredBefore: number): Promise<void>
}

export interface Challenges {
  /** An unguessable challenge for this resource server and domain; nothing is kept of it until it is used. */
  create(resourceServer: string, domain: string): { challenge: string; expiresAt: number }
  /** What verification asks of challenges, on behalf of one resource server. */
  portsFor(resourceServer: string): ChallengePorts
}

export interface Clock {
  /** Whole seconds since 1970. */
  now(): number
  /** Milliseconds since 1970. */
  nowMs(): number
}

export interface Random {
  uuid(): string
  /** An unguessable token, and the hash of it that is stored. */
  token(): { token: string; hash: string }
}
