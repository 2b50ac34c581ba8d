import { DomainError, formatDateTime } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Anchor } from '../ports.ts'
import type { IssuedCredential } from '../records.ts'
import { anchorOf } from './read-head.ts'

export interface CredentialReport {
  id: string
  agent: string
  role: string
  operator: string
  validFrom: string
  validUntil: string
  /** Absent in records from before administrators had names. */
  issuedBy?: string
  status: { revoked: boolean; suspended: boolean; reason?: string }
  /** Who changed its status last; absent while it never changed, too. */
  changedBy?: string
  /** Where the last change of its status is anchored; absent while it never changed. */
  lastChange?: { head: { epoch: number; version: number }; anchor: Anchor }
}

/** What the issuer knows of a credential. Throws `credential_unknown`. */
export async function readCredential({ store }: Pick<Context, 'store'>, id: string): Promise<CredentialReport> {
  const credential = await store.findCredential(id)
  if (!credential) throw new DomainError('credential_unknown', `There is no credential ${id} here.`)
  return reportOn(store, credential)
}

/** What is told of a credential wherever it is read. */
export async function reportOn(
  store: Pick<Context['store'], 'anchorOf'>,
  credential: IssuedCredential,
): Promise<CredentialReport> {
  const { changedEpoch: epoch, changedVersion: version } = credential
  const report = describe(credential)
  if (epoch === null || version === null) return report
  return { ...report, lastChange: { head: { epoch, version }, anchor: await anchorOf(store, { epoch, version }) } }
}

function describe(credential: IssuedCredential): CredentialReport {
  const { id, agent, role, operator, issuedBy, revokedAt, suspended, reason, changedBy } = credential
  return {
    id,
    agent,
    role,
    operator,
    validFrom: formatDateTime(credential.validFrom),
    validUntil: formatDateTime(credential.validUntil),
    ...(issuedBy !== null && { issuedBy }),
    status: { revoked: revokedAt !== null, suspended, ...(reason !== null && { reason }) },
    ...(changedBy !== null && { changedBy }),
  }
}
