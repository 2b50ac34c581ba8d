import type { DidKeys, Presentation } from '@consulate/core'
import type { StoredCredential, WalletAgent } from './records.ts'

interface Page {
  /** Items after this key, in the order of the key. */
  after: string | undefined
  limit: number
}

/** The wallet's records. Every write is on disk when it returns. */
export interface Store {
  /**
   * Does `work` in one transaction, which every read and write in it joins, once for each idempotency key: repeated, it
   * resolves to what it came to then, with what was done since left as it is. `prepare` runs before it and outside, when
   * there is something to do.
   */
  once<T, P = undefined>(
    work: (prepared: P) => Promise<T>,
    prepare?: () => Promise<P>,
  ): Promise<{ value: T; replayed: boolean }>
  /** Forgets the idempotency keys of requests from before then, in seconds since 1970. */
  forgetKeys(receivedBefore: number): Promise<void>
  /** Throws `agent_name_taken` when the name or the DID is there already. */
  addAgent(agent: WalletAgent): Promise<void>
  findAgent(did: string): Promise<WalletAgent | undefined>
  findAgentByName(name: string): Promise<WalletAgent | undefined>
  findAgentByToken(tokenHash: string): Promise<WalletAgent | undefined>
  listAgents(page: Page): Promise<WalletAgent[]>
  /** Removes the agent and its credentials; false when there was none. */
  removeAgent(did: string): Promise<boolean>
  /** Storing the same credential again changes nothing. */
  addCredential(credential: StoredCredential): Promise<void>
  findCredential(agent: string, id: string): Promise<StoredCredential | undefined>
  listCredentials(agent: string): Promise<StoredCredential[]>
  removeCredential(agent: string, id: string): Promise<boolean>
}

/** The agents' keys. They never leave; only presentations are signed with them. */
export interface AgentKeys {
  /** A new did:key; `alias` makes the call safe to repeat. */
  createDid(alias: string): Promise<string>
  /** A compact `vp+jwt` signed by the holder's authentication key. */
  signPresentation(presentation: Presentation): Promise<string>
  /** Deleting what is gone already changes nothing. */
  deleteDid(did: string): Promise<void>
}

/** Finds the keys of any DID, over the network if need be, with a deadline. Throws `did_unresolvable`. */
export interface DidResolver {
  resolveKeys(did: string): Promise<DidKeys>
}

export interface Clock {
  /** Whole seconds since 1970. */
  now(): number
}

export interface Random {
  /** An unguessable token, and the hash of it that is stored. */
  token(): { token: string; hash: string }
}
