/** An agent whose keys this wallet holds. Its token is stored hashed. */
export interface WalletAgent {
  did: string
  name: string
  tokenHash: string
  createdAt: number
  /** The administrator; null in records from before administrators had names. */
  createdBy: string | null
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
