import { formatDateTime } from '../time/date-time.ts'
import { CREDENTIALS_V2, ROLE_CONTEXT } from './context.ts'
import type { RoleCredential, StatusPurpose } from './role-credential.ts'
import type { Sensitivity } from './sensitivity.ts'

export interface RoleGrant {
  /** `urn:uuid:…` */
  id: string
  /** Canonical DIDs. */
  issuer: string
  agent: string
  role: string
  sensitivity: Sensitivity
  operator: string
  constraints?: RoleCredential['credentialSubject']['constraints']
  claims?: RoleCredential['credentialSubject']['claims']
  /** Seconds since 1970. */
  validFrom: number
  validUntil: number
  status: Record<StatusPurpose, StatusPosition>
}

export interface StatusPosition {
  /** The list's URL. */
  list: string
  index: number
}

/** The credential that grants a role: VCDM 2.0 §4, with Bitstring Status List entries for revocation and suspension. */
export function buildRoleCredential(grant: RoleGrant): RoleCredential {
  const { constraints, claims } = grant
  return {
    '@context': [CREDENTIALS_V2, ROLE_CONTEXT],
    id: grant.id,
    type: ['VerifiableCredential', 'AgentRoleCredential'],
    issuer: grant.issuer,
    validFrom: formatDateTime(grant.validFrom),
    validUntil: formatDateTime(grant.validUntil),
    credentialSubject: {
      id: grant.agent,
      role: grant.role,
      sensitivity: grant.sensitivity,
      operator: grant.operator,
      ...(constraints && { constraints }),
      ...(claims && { claims }),
    },
    credentialStatus: [
      statusEntry('revocation', grant.status.revocation),
      statusEntry('suspension', grant.status.suspension),
    ],
    iat: grant.validFrom,
  }
}

/** Bitstring Status List §2.1. */
export function statusEntry(statusPurpose: StatusPurpose, { list, index }: StatusPosition) {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry' as const,
    statusPurpose,
    statusListIndex: String(index),
    statusListCredential: list,
  }
}
