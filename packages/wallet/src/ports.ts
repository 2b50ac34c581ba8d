import type { DidKeys, Hex } from '@consulate/core'
import type { CryptosuiteName } from '@consulate/core/data-integrity'
import type { Rotation, StoredCredential, StoredPresentation, WalletAgent } from './records.ts'

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
  /** Everything that is written in it, or nothing. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Forgets the idempotency keys of requests from before then, in seconds since 1970. */
  forgetKeys(receivedBefore: number): Promise<void>
  /** Throws `agent_name_taken` when the name or the DID is there already. */
  addAgent(agent: WalletAgent): Promise<void>
  findAgent(did: string): Promise<WalletAgent | undefined>
  findAgentByName(name: string): Promise<WalletAgent | undefined>
  findAgentByToken(tokenHash: string): Promise<WalletAgent | undefined>
  listAgents(page: Page): Promise<WalletAgent[]>
  /** Removes the agent, its credentials, its presentations and its rotation, and keeps who did (`at` in seconds since 1970); false when there was none. */
  removeAgent(did: string, remover: { by: string; at: number }): Promise<boolean>
  /** Storing the same credential again changes nothing; false when its agent is not there any more. */
  addCredential(credential: StoredCredential): Promise<boolean>
  findCredential(agent: string, id: string): Promise<StoredCredential | undefined>
  listCredentials(agent: string): Promise<StoredCredential[]>
  removeCredential(agent: string, id: string): Promise<boolean>
  /** In the place of an earlier one with its id; false when the agent has so many others already, or is gone. */
  addPresentation(presentation: StoredPresentation, most: number): Promise<boolean>
  findPresentation(agent: string, id: string): Promise<StoredPresentation | undefined>
  /** The oldest first. */
  listPresentations(agent: string): Promise<StoredPresentation[]>
  removePresentation(agent: string, id: string): Promise<boolean>
  findRotation(did: string): Promise<Rotation | undefined>
  /** The same, and until the transaction ends nobody else gets it from here. */
  lockRotation(did: string): Promise<Rotation | undefined>
  /** In the place of an earlier one of this agent. */
  saveRotation(rotation: Rotation): Promise<void>
  /** False, and nothing is changed, when another took its place or the agent is gone. */
  moveRotation(rotation: Pick<Rotation, 'did' | 'owner'>, to: Partial<Rotation>): Promise<boolean>
  /** Those that are not final, oldest first. */
  openRotations(): Promise<Rotation[]>
}

/** What the agent of this DID presents, claims included; its members are signed as they are. */
export interface HeldPresentation {
  holder: string
}

export interface ProofBinding {
  cryptosuite: CryptosuiteName
  challenge: string
  domain: string
  /** Seconds since 1970. */
  now: number
}

/** The agents' keys. They never leave; only presentations are signed with them. */
export interface AgentKeys {
  /** A new DID; `alias` makes the call safe to repeat. A did:ethr costs nothing until it changes. */
  createDid(alias: string, method: 'key' | 'ethr'): Promise<string>
  /** A compact `vp+jwt` signed by the holder's authentication key. Throws `did_owned_elsewhere` when that is not here. */
  signPresentation(presentation: HeldPresentation): Promise<string>
  /** The presentation with a proof by the holder's authentication key. Throws `algorithm_not_allowed` when that is no Ed25519 key. */
  provePresentation(presentation: HeldPresentation, binding: ProofBinding): Promise<Record<string, unknown>>
  /** Deleting what is gone already changes nothing. */
  deleteDid(did: string): Promise<void>
  /** Makes a key for a did:ethr, which controls nothing yet, and answers with its address. */
  addKey(did: string): Promise<Hex>
  /** Whether a key of this did:ethr that is kept here has that address. */
  holds(did: string, address: Hex): Promise<boolean>
  /** From now on the key of that address signs for the did:ethr, or none when it is not kept here. */
  use(did: string, address: Hex): Promise<void>
}

/** Who controls a did:ethr, as the ERC-1056 registry has it. Every call may fail with `chain_unavailable`. */
export interface Ownership {
  /** Throws `unavailable` when nobody is configured who pays for changes. */
  assertPayer(): void
  /** An address, lower-case; in the newest block. */
  owner(did: string): Promise<Hex>
  /** A transaction that hands the DID over, signed by the key of `from` and by who pays; it is not sent. */
  prepare(did: string, change: { from: Hex; to: Hex }): Promise<{ raw: Hex; hash: Hex; nonce: number }>
  /** Anything but `accepted`: its place was taken. Sending the same one again is harmless. */
  broadcast(raw: Hex): Promise<'accepted' | 'nonce_used' | 'underpriced'>
  /** Undefined while no block holds the transaction. */
  receipt(hash: Hex): Promise<{ succeeded: boolean } | undefined>
  /** Of whom pays: how many of its transactions are mined. */
  nextNonce(): Promise<number>
  /** The block in which the DID changed last. */
  lastChange(did: string): Promise<number>
  /** Undefined when the chain has no such block. */
  blockHash(number: number): Promise<string | undefined>
  finalBlock(): Promise<number>
}

/** Runs `work` unless another instance runs one of this name; undefined then. */
export type Alone = <T>(name: string, work: () => Promise<T>, ifFree: 'ifFree') => Promise<T | undefined>

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
