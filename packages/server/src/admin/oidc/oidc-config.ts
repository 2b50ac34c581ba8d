import { parseStrictJson } from '@consulate/core'
import { z } from 'zod'
import { isSecure } from '../../http/is-secure.ts'
import { type Scope, scopesSchema } from '../scope.ts'

/** Whose JWTs open the administrators' routes, and what their claims allow. */
export interface OidcConfig {
  /** As it stands in `iss`, to the letter. */
  issuer: string
  /** What `aud` must contain. */
  audience: string
  /** Claim name → value of the claim → scopes. */
  scopes: ClaimScopes
}

export type ClaimScopes = Record<string, Record<string, Scope[]>>

const claimScopes: z.ZodType<ClaimScopes> = z.record(z.string().min(1), z.record(z.string().min(1), scopesSchema))

const SHAPE = 'must be JSON such as {"groups":{"platform":["issue","revoke"],"audit":["read"]}}'

/** The three variables of OIDC: all of them, or none. */
export const oidcVariables = {
  issuer: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .refine(isSecure, 'must be an https URL; http is for loopback alone')
    .refine((url) => !/[?#]/.test(url), 'must have no query and no fragment')
    .optional(),
  audience: z.string().min(1).max(512).optional(),
  scopes: z
    .string()
    .max(65_536)
    .transform((text, ctx) => {
      const parsed = claimScopes.safeParse(parseJson(text))
      if (parsed.success) return parsed.data
      ctx.addIssue(SHAPE)
      return z.NEVER
    })
    .optional(),
} as const

function parseJson(text: string): unknown {
  try {
    return parseStrictJson(text)
  } catch {
    return undefined
  }
}
