import type { StatusListCredential, StatusPurpose } from '@consulate/core'
import type { AnyCredential } from '@consulate/core/data-integrity'
import type { InstanceCredential, InstanceList, InstanceListVersion } from './instance-records.ts'
import type { IssuerInstance } from './instances.ts'

/** An instance with its DID and its key; what it signs is on disk before. Signatures are deterministic. */
export interface OpenInstance extends Omit<IssuerInstance, 'did'> {
  name: string
  issuer: string
  /** The DID URL of the key that signs. */
  verificationMethod: string
  /** The public side of that key, as a Multikey spells it. */
  publicKeyMultibase: string
  /** JSON, secured as the instance does it; signed at this time, in seconds since 1970. */
  secure(credential: AnyCredential | StatusListCredential, signedAt: number): Promise<Record<string, unknown>>
}

/** What instances have issued. */
export interface InstanceStore {
  /** Does `work` in one transaction, once for each idempotency key. */
  once<T>(work: (tx: InstanceTransaction) => Promise<T>): Promise<T>
  transaction<T>(work: (tx: InstanceTransaction) => Promise<T>): Promise<T>
  /** The newest that was issued under this id. */
  findCredential(instance: string, credentialId: string): Promise<InstanceCredential | undefined>
  findIssued(id: string): Promise<InstanceCredential | undefined>
  findList(instance: string, id: string): Promise<InstanceList | undefined>
  /** The newest version of a list of then or before, in seconds since 1970; or the one of this number. */
  findListVersion(
    instance: string,
    list: string,
    at: { time: number } | { version: number },
  ): Promise<InstanceListVersion | undefined>
}

/** Writes commit together, durably, when the transaction's work returns. */
export interface InstanceTransaction {
  /** The list of this purpose that is in use, locked until the end of the transaction; undefined before there is one. */
  lockNewestList(instance: string, purpose: StatusPurpose): Promise<InstanceList | undefined>
  /** A list, locked likewise. */
  lockList(instance: string, id: string): Promise<InstanceList | undefined>
  saveList(list: InstanceList): Promise<void>
  /** Keeps the bits that a list has now, for good. */
  addListVersion(list: InstanceList): Promise<void>
  addCredential(credential: InstanceCredential): Promise<void>
  /** All that was issued under this id. */
  credentialsNamed(instance: string, credentialId: string): Promise<InstanceCredential[]>
  saveStatus(credential: Pick<InstanceCredential, 'id' | 'revoked' | 'suspended' | 'changedBy'>): Promise<void>
}

/** Each list as it was last signed, by instance and id. */
export type SignedInstanceLists = Map<
  string,
  { version: number; signedAt: number; secured: Promise<Record<string, unknown>> }
>
