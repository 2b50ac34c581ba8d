import { DomainError } from '@consulate/core'
import { type RouteScope, SCOPES } from './scope.ts'

/** Who did it, as it stands in records and in the log: an API key by its id, a person by the `sub` of the OIDC issuer. */
export type Actor = 'bootstrap' | `key:${string}` | `oidc:${string}`

/** Whoever calls an administrator's route. */
export interface Administrator {
  actor: Actor
  scopes: readonly RouteScope[]
}

/** The holder of the token that the service was configured with. */
export const BOOTSTRAP: Administrator = { actor: 'bootstrap', scopes: [...SCOPES, 'administrators'] }

/** Throws `scope_missing` unless the administrator has the scope. */
export function requireScope({ scopes }: Administrator, scope: RouteScope): void {
  if (scopes.includes(scope)) return
  throw new DomainError('scope_missing', howToGet(scope))
}

function howToGet(scope: RouteScope): string {
  if (scope === 'administrators')
    return 'Only the bootstrap token manages administrators: call again with CONSULATE_ADMIN_TOKEN of this service.'
  return `This needs the scope "${scope}", which you do not have: use a key or an identity with it.`
}
