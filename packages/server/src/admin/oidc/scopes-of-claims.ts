import { SCOPES, type Scope } from '../scope.ts'
import type { ClaimScopes } from './oidc-config.ts'

/** OAuth writes these two as words in one string (RFC 8693 §4.2); a space in any other claim is part of its value. */
const SPACE_SEPARATED = new Set(['scope', 'scp'])

/** The scopes that these claims are given, each once; none for claims that are not in the mapping. */
export function scopesOfClaims(claims: Record<string, unknown>, mapping: ClaimScopes): Scope[] {
  const granted = new Set<Scope>()
  for (const [claim, byValue] of Object.entries(mapping)) {
    if (!Object.hasOwn(claims, claim)) continue
    for (const value of valuesOf(claim, claims[claim]))
      if (Object.hasOwn(byValue, value)) for (const scope of byValue[value]!) granted.add(scope)
  }
  return SCOPES.filter((scope) => granted.has(scope))
}

function valuesOf(name: string, claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.filter((value) => typeof value === 'string')
  if (typeof claim !== 'string') return []
  return SPACE_SEPARATED.has(name) ? claim.split(' ') : [claim]
}
