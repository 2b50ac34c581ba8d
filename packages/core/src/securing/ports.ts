import type { DidKeys } from '../did/verification-method.ts'

/** What verification by the general rules of VCDM 2.0 asks of the world. */
export interface SecuredPorts {
  /** Seconds since 1970. */
  now(): number
  /** Whether whoever relies on the answer takes anything from this issuer; asked before anything is fetched for it. */
  trusts(issuer: string): boolean
  /** The keys of a DID, over the network but for did:key. Throws when it cannot be resolved. */
  keys(did: string): DidKeys | Promise<DidKeys>
  /** A status list credential as it is served: JSON, or a compact token. Asked after the signature that names it was right. */
  statusList(url: string): Promise<unknown>
}
