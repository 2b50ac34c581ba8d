import type { EquivocationEvidence, Head, Hex, Sensitivity, VerifiedPresentation, VerifiedRoles } from '@consulate/core'
import { type Endpoint, request, segment } from './request.ts'
import { withToken } from './with-token.ts'

export interface Trust {
  roles: string[]
  statusUrl: string
  minSensitivity?: Sensitivity
}

/** `statusToken`: what the issuer's status is asked for with; kept when left out while the origin is the same, removed by null. */
export interface TrustChange extends Trust {
  statusToken?: string | null
}

export interface TrustRecord extends Trust {
  did: string
  hasStatusToken: boolean
  changedBy: string | null
  status: { headVersion: number; ageMs: number } | null
  /** Two signed heads of an epoch that exclude each other, until somebody clears them. */
  equivocations: { epoch: number; heads: { head: Head; signer?: Hex; signature?: Hex }[]; foundAt: number }[]
}

/** What a resource server asks; `token` is the one it was given. A refusal is a ServiceError with the reason's code. */
export function verifierClient(endpoint: Endpoint) {
  return {
    challenge: (domain: string) =>
      request<{ challenge: string; expiresAt: string }>(endpoint, 'POST', '/challenges', { domain }),
    verifyPresentation: (
      verifiablePresentation: string,
      options: { challenge: string; domain: string; htm?: string; htu?: string },
    ) =>
      request<VerifiedPresentation & { verified: true }>(endpoint, 'POST', '/presentations/verify', {
        verifiablePresentation,
        options,
      }),
    verifyCredential: (verifiableCredential: string) =>
      request<VerifiedRoles & { verified: true }>(endpoint, 'POST', '/credentials/verify', { verifiableCredential }),
  }
}

/** The verifier's administrator routes. */
export function verifierAdminClient(endpoint: Endpoint) {
  return {
    trust: (issuer: string, trust: TrustChange) =>
      request<Trust & { did: string; hasStatusToken: boolean }>(
        endpoint,
        'PUT',
        `/trust/issuers/${segment(issuer)}`,
        trust,
      ),
    trusted: (issuer: string) => request<TrustRecord>(endpoint, 'GET', `/trust/issuers/${segment(issuer)}`),
    evidence: (issuer: string) =>
      request<EquivocationEvidence>(endpoint, 'GET', `/trust/issuers/${segment(issuer)}/evidence`),
    clear: (issuer: string) =>
      request<{ did: string; cleared: number[] }>(endpoint, 'POST', `/trust/issuers/${segment(issuer)}/clear`, {}),
    distrust: (issuer: string) => request<void>(endpoint, 'DELETE', `/trust/issuers/${segment(issuer)}`),
    addResourceServer: async (name: string, domains: string[]) => {
      type Made = { id: string; name: string; domains: string[]; token?: string }
      return withToken(await request<Made>(endpoint, 'POST', '/resource-servers', { name, domains }))
    },
  }
}
