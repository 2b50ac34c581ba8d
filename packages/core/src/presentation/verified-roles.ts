import type { ReadCredential } from '../credential/open-role-credential.ts'
import type { RoleCredential } from '../credential/role-credential.ts'
import type { StatusEvidence } from '../status/check-status.ts'

export interface VerifiedRole {
  role: string
  issuer: string
  operator: string
  constraints: NonNullable<RoleCredential['credentialSubject']['constraints']>
  credentialId: string
  /** RFC 3339. */
  validUntil: string
}

export interface VerifiedRoles {
  roles: VerifiedRole[]
  /** Of the weakest evidence that was relied on. */
  status: StatusEvidence
}

/** What a resource server is told of credentials that passed. `credentials` and `evidence` run in parallel; at least one. */
export function describeRoles(credentials: ReadCredential[], evidence: StatusEvidence[]): VerifiedRoles {
  const status = evidence.reduce((weakest, next) => ({
    headVersion: next.ageMs > weakest.ageMs ? next.headVersion : weakest.headVersion,
    ageMs: Math.max(weakest.ageMs, next.ageMs),
    anchorLagMs: Math.max(weakest.anchorLagMs, next.anchorLagMs),
    chainAgeMs: Math.max(weakest.chainAgeMs, next.chainAgeMs),
    anchored: weakest.anchored && next.anchored,
  }))
  return { roles: credentials.map(describeRole), status }
}

function describeRole({ credential }: ReadCredential): VerifiedRole {
  const { role, operator, constraints = {} } = credential.credentialSubject
  const { issuer, id: credentialId, validUntil } = credential
  return { role, issuer, operator, constraints, credentialId, validUntil }
}
