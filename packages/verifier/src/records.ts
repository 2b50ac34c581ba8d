import type { Head, Hex, Sensitivity } from '@consulate/core'

/** Whom this verifier's owner trusts, for which roles. */
export interface TrustedIssuer {
  did: string
  /** Role patterns; wildcards stand only at the end. */
  roles: string[]
  /** The base of the issuer's status routes. */
  statusUrl: string
  /** The least sensitivity its roles are treated with here. */
  minSensitivity: Sensitivity
  /** What its status is asked for with, sealed for this issuer at this address; null when it is asked as a stranger. */
  statusToken: Uint8Array | null
  createdAt: number
  /** Who last said so; null in records from before administrators had names, here and below. */
  changedBy: string | null
}

/** Two signed heads of an issuer that exclude each other, as they were found. */
export interface Conviction {
  epoch: number
  heads: { head: Head; signer?: Hex | undefined; signature?: Hex | undefined }[]
  foundAt: number
}

/** Who may ask this verifier. Its token is stored hashed and works for its domains only; `*` stands for all. */
export interface ResourceServer {
  id: string
  name: string
  domains: string[]
  tokenHash: string
  createdAt: number
  createdBy: string | null
}
