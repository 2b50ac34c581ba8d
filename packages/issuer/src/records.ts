import type { Head, Hex, Kill, Sensitivity, StatusPurpose } from '@consulate/core'

/** What may be granted. `claimsSchema` is a JSON Schema (2020-12) for a grant's `claims`. */
export interface Role {
  role: string
  description: string
  maxValiditySeconds: number
  sensitivity: Sensitivity
  claimsSchema: Record<string, unknown> | null
  /** Who defined it last; null in records from before administrators had names, here and below. */
  changedBy: string | null
}

export interface Agent {
  did: string
  /** Seconds since 1970; the newest cut-off, credentials from then or before are dead. */
  killedAt: number | null
  createdAt: number
}

export interface IssuedCredential {
  id: string
  agent: string
  role: string
  operator: string
  validFrom: number
  validUntil: number
  /** The JSON that is signed, to the byte, and the key that signs it. */
  payload: string
  kid: string
  revocationList: string
  revocationIndex: number
  suspensionList: string
  suspensionIndex: number
  issuedBy: string | null
  revokedAt: number | null
  reason: string | null
  suspended: boolean
  /** Who changed its status last. */
  changedBy: string | null
  /** The head that carries the last change of this credential's status; null when it never changed. */
  changedEpoch: number | null
  changedVersion: number | null
}

/** A list gives out indices while it is open, in the order of its counter, and keeps its bits ever after. */
export interface StatusList {
  id: string
  url: string
  purpose: StatusPurpose
  open: boolean
  nextCounter: number
  createdAt: number
}

/** The bits of a list from one head on. */
export interface ListVersion {
  list: string
  version: number
  /** Multibase, gzip: as a status list credential carries it. */
  encodedList: string
  /** SHA-256 of the raw bits, hex. */
  digest: string
  epoch: number
  headVersion: number
}

/** A head as it was committed; `signature` and `signer` follow once. */
export interface StoredHead extends Head {
  signature: Hex | null
  signer: Hex | null
}

/** What tells a head from every other of the issuer. */
export type HeadName = Pick<Head, 'epoch' | 'version'>

/** What a head will say, but for its root. */
export type NextHead = Omit<Head, 'root'>

/** A head that several changes share, and the bits that each of them flips. */
export interface SharedHead {
  next: NextHead
  parts: { list: string; indices: readonly number[]; value: boolean }[]
}

export interface StoredKill extends Kill {
  id: string
  /** The DID whose hash is the target. */
  agent: string
  signature: Hex | null
  signer: Hex | null
  createdAt: number
  createdBy: string | null
}

/** `dropped`: the chain no longer has it, or refused it; what it carried is sent anew. */
export type TransactionState = 'sent' | 'mined' | 'final' | 'dropped'

/** A transaction, stored before it is sent; of several with one nonce, one can be mined. `subject` is a head (`epoch:version`), the id of a kill, or an epoch. */
export interface ChainTransaction {
  hash: Hex
  kind: 'anchor' | 'kill' | 'epoch'
  subject: string
  epoch: number | null
  version: number | null
  /** Of the relayer's account. */
  nonce: number
  raw: Hex
  state: TransactionState
  block: number | null
  blockHash: Hex | null
  createdAt: number
}
