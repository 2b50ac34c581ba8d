import type { Sensitivity, StatusPurpose } from '@consulate/core'
import { type Endpoint, request, segment } from './request.ts'

export interface RoleDefinition {
  description: string
  maxValiditySeconds: number
  sensitivity: Sensitivity
  claimsSchema?: Record<string, unknown>
}

export interface RoleGrant {
  role: string
  operator: string
  validForSeconds?: number
  constraints?: Record<string, unknown>
  claims?: Record<string, unknown>
}

export interface IssuedRole {
  id: string
  agent: string
  role: string
  /** Compact `vc+jwt`. */
  verifiableCredential: string
  validFrom: string
  validUntil: string
}

export interface AnchorState {
  state: 'pending' | 'mined' | 'final'
  txHash?: string
  block?: number
}

export interface CredentialRecord {
  id: string
  agent: string
  role: string
  operator: string
  validFrom: string
  validUntil: string
  /** Who issued it, as `key:<id>`, `oidc:<sub>` or `bootstrap`; absent in old records. */
  issuedBy?: string
  status: { revoked: boolean; suspended: boolean; reason?: string }
  /** Who changed its status last; absent while it never changed, too. */
  changedBy?: string
  lastChange?: { head: { epoch: number; version: number }; anchor: AnchorState }
}

export interface StatusHead {
  head: { issuer: string; epoch: number; version: number; issuedAt: number; validUntil: number }
  signature: string
  signer: string
  entries: { name: string; purpose: string; version: number; sha256: string }[]
  anchor: AnchorState
}

export interface Revocation {
  revoked: string[]
  head: { epoch: number; version: number }
}

export interface MassRevocation {
  role: string
  revokedCount: number
  head: { version: number }
}

export interface Recovery {
  epoch: number
  head: { epoch: number; version: number }
  /** The last head that the database knew; null when it knew none. */
  last: { epoch: number; version: number; issuedAt: number } | null
}

/** The issuer's REST routes; `token` is an administrator's. */
export function issuerClient(endpoint: Endpoint) {
  return {
    putRole: (role: string, definition: RoleDefinition) =>
      request<RoleDefinition & { role: string }>(endpoint, 'PUT', `/roles/${segment(role)}`, definition),
    issueRole: (agent: string, grant: RoleGrant) =>
      request<IssuedRole>(endpoint, 'POST', `/agents/${segment(agent)}/roles`, grant),
    /** Any VCDM 2.0 credential but a role; its `issuer` is the issuer's DID. */
    issueCredential: (credential: Record<string, unknown>, options: { credentialId?: string } = {}) =>
      request<{ verifiableCredential: Record<string, unknown> }>(endpoint, 'POST', '/credentials/issue', {
        credential,
        options,
      }),
    revokeRole: (agent: string, role: string, reason?: string) =>
      request<Revocation>(
        endpoint,
        'DELETE',
        `/agents/${segment(agent)}/roles/${segment(role)}${reason === undefined ? '' : `?reason=${segment(reason)}`}`,
      ),
    /** From every agent that has it; grants of it made later stay. */
    revokeRoleOfAll: (role: string, reason?: string) =>
      request<MassRevocation>(
        endpoint,
        'DELETE',
        `/roles/${segment(role)}/credentials${reason === undefined ? '' : `?reason=${segment(reason)}`}`,
      ),
    killAgent: (agent: string) =>
      request<Revocation & { kill: { cutoff: number; state: string } }>(
        endpoint,
        'DELETE',
        `/agents/${segment(agent)}`,
      ),
    setStatus: (credentialId: string, statusPurpose: StatusPurpose, status: boolean) =>
      request<{ credentialId: string; head: { epoch: number; version: number } }>(
        endpoint,
        'POST',
        '/credentials/status',
        {
          credentialId,
          credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
          status,
        },
      ),
    credential: (id: string) => request<CredentialRecord>(endpoint, 'GET', `/credentials/${segment(id)}`),
    /** With its 100 oldest credentials, or those that come `after` the one of this id; `next` tells that there are more. */
    agent: (did: string, after?: string) =>
      request<{ did: string; killedBy?: string; credentials: CredentialRecord[]; next?: string }>(
        endpoint,
        'GET',
        `/agents/${segment(did)}${after === undefined ? '' : `?after=${segment(after)}`}`,
      ),
    recover: () => request<Recovery>(endpoint, 'POST', '/status/recover', {}),
    statusHead: () => request<StatusHead>(endpoint, 'GET', '/status/head'),
  }
}
