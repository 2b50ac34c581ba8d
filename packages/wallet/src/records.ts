/** An agent whose keys this wallet holds. Its token is stored hashed. */
export interface WalletAgent {
  did: string
  name: string
  tokenHash: string
  createdAt: number
  /** The administrator; null in records from before administrators had names. */
  createdBy: string | null
}

/**
 * `pending`: to be sent. `sent`: signed, stored, and offered to the chain. `mined`: the chain names the new owner. `final`: and
 * will go on to. `awaits_owner`: somebody else controls the DID and must hand it over.
 */
type RotationState = 'pending' | 'sent' | 'mined' | 'final' | 'awaits_owner'

/** The latest change of a did:ethr's owner that was asked for here; each agent has one at most. */
export interface Rotation {
  did: string
  /** Who is to control the DID: an address, lower-case. */
  owner: `0x${string}`
  state: RotationState
  /** The transaction as it was signed; null while there is none. */
  raw: `0x${string}` | null
  hash: `0x${string}` | null
  nonce: number | null
  /** A block in which the new owner stands; null before that. */
  block: number | null
  blockHash: string | null
  createdAt: number
  createdBy: string
}

/** A credential that was verified before it was stored. */
export interface StoredCredential {
  id: string
  agent: string
  issuer: string
  role: string
  /** Seconds since 1970. */
  validUntil: number
  /** Compact `vc+jwt`. */
  token: string
  storedAt: number
}

/** A presentation that its agent gave an id, as it was secured. */
export interface StoredPresentation {
  agent: string
  id: string
  /** JSON. */
  secured: string
  createdAt: number
}
