import type { StatusPurpose } from '@consulate/core'

/** What an instance has issued, of whatever kind. */
export interface InstanceCredential {
  /** Ours alone. */
  id: string
  instance: string
  /** By which it can be asked for: what the caller said, or the credential's own id; null when it has none. */
  credentialId: string | null
  /** The JSON that is secured, its status entries included. */
  payload: string
  /** Seconds since 1970; what its signature says. */
  issuedAt: number
  issuedBy: string
  revocationList: string | null
  revocationIndex: number | null
  suspensionList: string | null
  suspensionIndex: number | null
  revoked: boolean
  suspended: boolean
  changedBy: string | null
}

/** A status list of one instance; the one with the highest number is in use. */
export interface InstanceList {
  instance: string
  id: string
  url: string
  purpose: StatusPurpose
  number: number
  nextCounter: number
  version: number
  /** Multibase, gzip: as a status list credential carries it. */
  encodedList: string
  changedAt: number
}

/** The bits of a list from a change on, until the next one. */
export interface InstanceListVersion {
  instance: string
  list: string
  version: number
  encodedList: string
  changedAt: number
}
