import { type Endpoint, request, segment } from './request.ts'

/** What an administrator may be allowed to do. */
export type AdministratorScope = 'issue' | 'revoke' | 'trust' | 'read'

export interface AdministratorRequest {
  name: string
  scopes: AdministratorScope[]
  /** At most a year. */
  validForSeconds: number
}

export interface NewAdministrator {
  id: string
  name: string
  scopes: AdministratorScope[]
  expiresAt: string
  /** Shown once; the service keeps its hash alone. */
  key: string
}

export interface AdministratorEntry extends Omit<NewAdministrator, 'key'> {
  createdAt: string
  createdBy: string
  /** Absent while the key was not revoked. */
  revokedAt?: string
  revokedBy?: string
}

/** The administrators of one service, whichever it is; `token` is its bootstrap token. */
export function administratorsClient(endpoint: Endpoint) {
  return {
    create: (administrator: AdministratorRequest) =>
      request<NewAdministrator>(endpoint, 'POST', '/administrators', administrator),
    list: (after?: string) =>
      request<{ items: AdministratorEntry[]; next?: string }>(
        endpoint,
        'GET',
        `/administrators${after === undefined ? '' : `?after=${segment(after)}`}`,
      ),
    /** Its key works no longer from now on. */
    remove: (id: string) => request<void>(endpoint, 'DELETE', `/administrators/${segment(id)}`),
  }
}
