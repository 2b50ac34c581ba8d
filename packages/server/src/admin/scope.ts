import { z } from 'zod'

/** What an administrator may be allowed to do. */
export const SCOPES = ['issue', 'revoke', 'trust', 'read'] as const

export type Scope = (typeof SCOPES)[number]

/** What a route asks of an administrator. `administrators` is the bootstrap token's alone and can be given to nobody. */
export type RouteScope = Scope | 'administrators'

export const scopesSchema = z
  .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }))
  .min(1)
  .max(SCOPES.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, 'must name each scope once')
