import { DomainError } from '@consulate/core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Role } from '../records.ts'

const ajv = () => new Ajv2020({ strict: true, allErrors: false, validateFormats: false, addUsedSchema: false })

/** A validator for a role's claims; throws `claims_invalid` when the schema itself is wrong. */
export function compileClaimsSchema(schema: Record<string, unknown>): ValidateFunction {
  try {
    return ajv().compile(schema)
  } catch (error) {
    throw new DomainError('claims_invalid', `claimsSchema is not a JSON Schema (2020-12): ${(error as Error).message}.`)
  }
}

/** Throws `claims_invalid` unless the claims are what the role's schema asks for; without a schema there are none. */
export function checkClaims({ role, claimsSchema }: Role, claims: unknown): void {
  if (!claimsSchema) {
    if (claims === undefined) return
    throw new DomainError('claims_invalid', `The role ${role} takes no claims; give it a claimsSchema first.`)
  }
  const validate = compileClaimsSchema(claimsSchema)
  if (validate(claims ?? {})) return
  const { instancePath, message } = validate.errors?.[0] ?? {}
  throw new DomainError('claims_invalid', `The claims do not fit the role ${role}: claims${instancePath} ${message}.`)
}
