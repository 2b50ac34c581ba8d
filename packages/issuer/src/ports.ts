import type {
  DomainError,
  EpochOpening,
  Head,
  Hex,
  Kill,
  RoleCredential,
  StatusEntry,
  StatusListCredential,
  StatusPurpose,
} from '@consulate/core'
import type { AnyCredential } from '@consulate/core/data-integrity'
import type {
  Agent,
  ChainTransaction,
  IssuedCredential,
  ListVersion,
  Role,
  StatusList,
  StoredHead,
  StoredKill,
  TransactionState,
} from './records.ts'

interface Page {
  /** Items after this key, in the order of the key. */
  after: string | undefined
  limit: number
}

/** Where the bits of a credential are, and what they say. */
export type StatusPlace = Pick<
  IssuedCredential,
  | 'id'
  | 'validFrom'
  | 'revokedAt'
  | 'suspended'
  | 'revocationList'
  | 'revocationIndex'
  | 'suspensionList'
  | 'suspensionIndex'
>

type ChangeRecord = Pick<IssuedCredential, 'changedBy' | 'changedEpoch' | 'changedVersion'>
type RevocationRecord = ChangeRecord & Pick<IssuedCredential, 'revokedAt' | 'reason'>

/** What a change of its status writes to a credential's row. */
type StatusRecord = RevocationRecord | (ChangeRecord & Pick<IssuedCredential, 'suspended'>)

interface IndicesOfList {
  list: string
  indices: number[]
}

/** Outside a transaction reads see committed rows only; inside one they see its own as well. */
export interface Queries {
  findRole(role: string): Promise<Role | undefined>
  listRoles(page: Page): Promise<Role[]>
  findAgent(did: string): Promise<Agent | undefined>
  listAgents(page: Page): Promise<Agent[]>
  findCredential(id: string): Promise<IssuedCredential | undefined>
  /** The oldest first; `after` is the id of one of them. */
  credentialsOf(agent: string, page: Page): Promise<IssuedCredential[]>
  /** Those of an agent, or of one role of it, that end at `since` or later, in seconds since 1970; the oldest first. */
  unexpiredOf(agent: string, role: string | undefined, since: number): Promise<StatusPlace[]>
  /** Whether the agent was ever granted the role. */
  everHeld(agent: string, role: string): Promise<boolean>
  findList(id: string): Promise<StatusList | undefined>
  /** The newest version of a list; with a head, the one that head speaks of. */
  listVersion(list: string, head?: Pick<Head, 'epoch' | 'version'>): Promise<ListVersion | undefined>
  /** What a head says of each list, newest head first. */
  entriesAt(head: Pick<Head, 'epoch' | 'version'>): Promise<StatusEntry[]>
  lastHead(): Promise<StoredHead | undefined>
  lastSignedHead(): Promise<StoredHead | undefined>
  headAt(head: HeadPlace): Promise<StoredHead | undefined>
  /** The newest signed head of then or before, in seconds since 1970. */
  signedHeadAt(time: number): Promise<StoredHead | undefined>
  /** Those after one head, up to another one, the oldest first. */
  signedHeadsBetween(after: HeadPlace, upTo: HeadPlace, most: number): Promise<SignedHead[]>
  /** The lists that this head has changed, and what they were. */
  changesAt(head: HeadPlace): Promise<ListChange[]>
  /** The first signed head after then, in seconds since 1970. */
  signedHeadAfter(time: number): Promise<StoredHead | undefined>
  /** The oldest first, here and below. */
  unsignedHeads(most: number): Promise<StoredHead[]>
  unsignedKills(most: number): Promise<StoredKill[]>
  listKills(): Promise<StoredKill[]>
  /** Signed kills without a transaction that is under way or on chain, but for those that a later cut-off contains. */
  unsentKills(): Promise<StoredKill[]>
  findKill(agent: string): Promise<StoredKill | undefined>
  transactionsIn(states: TransactionState[]): Promise<ChainTransaction[]>
  /** The transaction that anchored this head, or a later one, first; undefined while there is none on chain. */
  anchorOf(head: Pick<Head, 'epoch' | 'version'>): Promise<ChainTransaction | undefined>
  /** The newest transaction that carries this, unless it was dropped. */
  transactionOf(subject: string): Promise<ChainTransaction | undefined>
  /** Of those made last, the one with the highest nonce. */
  lastTransaction(): Promise<ChainTransaction | undefined>
  /** The newest of this purpose, open or closed, and at most so many. */
  newestLists(purpose: StatusPurpose, most: number): Promise<StatusList[]>
  /** Where the credentials are that are known to be in this list. */
  revocationIndices(list: string): Promise<number[]>
}

/** Writes commit together, durably, when the transaction's work returns; when it throws, none of them happened. */
export interface Transaction extends Queries {
  /** True when the role is new. */
  putRole(role: Role): Promise<boolean>
  /** No other transaction reads or writes heads and lists from here to the end of this one. */
  lockHeads(): Promise<void>
  /** The agent's row, made if need be and locked until the end of the transaction. */
  lockAgent(did: string, now: number): Promise<Agent>
  killAgent(did: string, cutoff: number): Promise<void>
  addCredential(credential: IssuedCredential): Promise<void>
  /** The same for each of these credentials. */
  saveStatus(ids: readonly string[], status: StatusRecord): Promise<void>
  /** No credential is issued from here to the end of this transaction, and what was being issued is there. */
  holdIssuing(): Promise<void>
  /**
   * The same for each credential of this role, whoever has it, that ends at `since` or later and is not revoked; yields where
   * their bits are, list by list, and lets others have the thread in between.
   */
  saveRevocations(role: string, since: number, status: RevocationRecord): AsyncIterable<IndicesOfList>
  addList(list: StatusList): Promise<void>
  /** Takes the next `count` counters of the fullest open list with this purpose, from `first` on; never the same twice. */
  takeCounters(purpose: StatusPurpose, count: number): Promise<StatusList & { first: number }>
  countOpenLists(purpose: StatusPurpose): Promise<number>
  closeList(id: string): Promise<void>
  /** Closes every list that is open. */
  closeLists(): Promise<void>
  addListVersion(version: ListVersion): Promise<void>
  /** Fails when this (epoch, version) exists already. */
  addHead(head: Head): Promise<void>
  /** Forgets heads that nobody has ever seen, and that will never be signed. */
  dropUnsignedHeads(): Promise<void>
  /** Keeps the first signature a head was ever given. */
  saveHeadSignature(head: Head, signer: Hex, signature: Hex): Promise<void>
  addKill(kill: Kill & Pick<StoredKill, 'id' | 'agent' | 'createdAt' | 'createdBy'>): Promise<void>
  saveKillSignature(id: string, signer: Hex, signature: Hex): Promise<void>
  addTransaction(transaction: ChainTransaction): Promise<void>
  /** Gives up the anchors of this epoch beyond this version, because the chain does not have them. */
  dropAnchorsBeyond(head: Pick<Head, 'epoch' | 'version'>): Promise<void>
  saveTransactionState(
    hash: Hex,
    state: TransactionState,
    block?: { block: number; blockHash: Hex } | undefined,
  ): Promise<void>
}

export interface Store extends Queries {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * A `transaction` that is done once for each idempotency key: repeated, it resolves to what it came to then, with what
   * was done since left as it is. `prepare` runs before it and outside, when there is something to do.
   */
  once<T, P = undefined>(
    work: (tx: Transaction, prepared: P) => Promise<T>,
    prepare?: () => Promise<P>,
  ): Promise<{ value: T; replayed: boolean }>
  /**
   * A `once` that shares its transaction with those of the same frame that came while one was under way: `begin`, the work of
   * each in its turn, `end`. Whoever throws is undone alone, with what it added to `parts`.
   */
  together<Shared extends { parts: unknown[] }>(frame: {
    begin(tx: Transaction): Promise<Shared>
    end(tx: Transaction, shared: Shared): Promise<void>
  }): Together<Shared>
  /** Calls `handler` when any instance, this one included, has signed a head; never when there is but one. */
  onNewHead(handler: () => void): void
  /** Forgets the idempotency keys of requests from before then, in seconds since 1970. */
  forgetKeys(receivedBefore: number): Promise<void>
}

export type Together<Shared> = <T>(
  work: (tx: Transaction, shared: Shared) => Promise<T>,
) => Promise<{ value: T; replayed: boolean }>

/** The issuer's DID and its keys; what they sign is on disk before. Signatures are deterministic. */
export interface IssuerIdentity {
  did: string
  /** The issuer's Ethereum address, lower-case. */
  address: Hex
  /** The DID URL of the key that signs credentials. */
  kid: string
  /** A compact `vc+jwt` whose payload is exactly this credential. */
  signCredential(credential: RoleCredential | StatusListCredential | AnyCredential): Promise<string>
  /** A compact JWS of this `typ`, by the key that signs credentials. */
  signStatement(typ: string, claims: object): Promise<string>
  /** Characters of the `vc+jwt` with this payload. */
  tokenLength(payload: string): number
  signHead(head: Head): Promise<{ signer: Hex; signature: Hex }>
  signKill(kill: Kill): Promise<{ signer: Hex; signature: Hex }>
  /** By the owner of the DID. */
  signOpening(opening: EpochOpening): Promise<{ signer: Hex; signature: Hex }>
  /** Throws `issuer_behind` while nothing but kills and openings may be signed. */
  assertMaySign(): void
}

export interface Standing {
  /** What the chain has of this issuer and the database lacks; undefined while it lacks nothing. */
  behind: DomainError | undefined
  /** In which the database was when it was compared last. */
  epoch: number
}

/** Where a list's indices come from: 32 secret bytes, fixed for the life of the list. */
export interface ListSecrets {
  secretOf(list: string): Promise<Uint8Array>
}

/** The chain as the anchor job needs it. Every call may fail when the chain does not answer. */
export interface Chain {
  /** Signs a transaction with the relayer's key and the next nonce; sends nothing. */
  prepare(call: ChainCall): Promise<SignedTransaction>
  /** Signs the same with the same nonce for more; undefined while a higher price would not have it mined any sooner. */
  outbid(raw: Hex): Promise<SignedTransaction | undefined>
  /** Sending what the chain already has is no error; `nonce_used` and `underpriced` mean that this one never will be mined. */
  broadcast(raw: Hex): Promise<'accepted' | 'nonce_used' | 'underpriced'>
  /** The nonce of the relayer's next transaction, by what is mined. */
  nextNonce(): Promise<number>
  receipt(hash: Hex): Promise<{ block: number; blockHash: Hex; succeeded: boolean; gasUsed: number } | undefined>
  /** The newest block that counts as final. */
  finalBlock(): Promise<number>
  /** What it says of this issuer, without a signature. */
  anchored(): Promise<ChainState>
  deadBefore(target: Hex): Promise<number>
}

export type ChainCall = { anchor: SignedHead } | { kill: SignedKill } | { openEpoch: SignedOpening }

/** Its epoch, and the newest head of it that is anchored; version 0 while none is. */
export interface ChainState extends HeadPlace {
  headHash: Hex
}

export interface SignedTransaction {
  hash: Hex
  raw: Hex
  nonce: number
}

export type SignedHead = Head & { signer: Hex; signature: Hex }
type SignedKill = Kill & { signer: Hex; signature: Hex }
type SignedOpening = EpochOpening & { signature: Hex }

/** Runs `work` unless another instance is running one of this name; then it resolves to undefined. */
export type Alone = <T>(name: string, work: () => Promise<T>, ifFree: 'ifFree') => Promise<T | undefined>

/** Counters that are taken and not yet used, by purpose; what a process leaves unused is never used. */
export type IndexReserve = Map<StatusPurpose, { list: string; url: string; next: number; end: number }>

/** Each list as it was last signed, by its id, and the head it was signed for. */
export type SignedLists = Map<string, { epoch: number; version: number; token: Promise<string> }>

/** What is counted as it happens. Counting never fails and never waits. */
export interface Metrics {
  issued(): void
  /** Credentials that one change revoked. */
  revoked(count: number): void
  /** What a mined transaction of the relayer has cost. */
  paid(kind: 'anchor' | 'kill' | 'epoch' | 'identity', gasUsed: number): void
}

/** Where a head stands in the order of heads. */
export type HeadPlace = Pick<Head, 'epoch' | 'version'>

/** A list as a head changed it. */
export interface ListChange extends StatusEntry {
  encodedList: string
  /** Its bits until then, encoded; null for a new list. */
  before: string | null
}

export interface Anchor {
  state: 'pending' | 'mined' | 'final'
  txHash?: string
  block?: number
}

export interface PublishedHead {
  head: Head
  signature: string
  signer: string
  entries: StatusEntry[]
  anchor: Anchor
  /** That this was the newest a moment ago; a compact JWS. */
  heartbeat: string
}

export interface Clock {
  /** Whole seconds since 1970. */
  now(): number
  /** Milliseconds since 1970. */
  nowMs(): number
}

export interface Random {
  uuid(): string
}
