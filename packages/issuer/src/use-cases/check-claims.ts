import { DomainError, MAX_CREDENTIAL_BYTES } from '@consulate/core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { LRUCache } from 'lru-cache'
import type { Role } from '../records.ts'
import { linearRegExp } from './linear-reg-exp.ts'

const MAX_SCHEMA_BYTES = 16_384

/** By their schema as JSON: compiling takes longer than all else that granting a role does. */
const VALIDATORS = new LRUCache<string, ValidateFunction>({ max: 100 })

/** `$async` would have a schema answer with a promise; references can unfold without end. */
const REFUSED: Record<string, string> = {
  $async: 'leave it out',
  $ref: 'write out what it refers to',
  $dynamicRef: 'write out what it refers to',
}

/** A validator for a role's claims; throws `claims_invalid` when the schema is wrong, or could take long to check by. */
export function compileClaimsSchema(schema: Record<string, unknown>): ValidateFunction {
  checkSize('claimsSchema has', schema, MAX_SCHEMA_BYTES)
  checkMembers(schema)
  const code = { regExp: linearRegExp() }
  try {
    return new Ajv2020({ strict: true, validateFormats: false, addUsedSchema: false, code }).compile(schema)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new DomainError('claims_invalid', `claimsSchema is not a JSON Schema (2020-12): ${(error as Error).message}.`)
  }
}

/** Throws `claims_invalid` unless the claims are what the role's schema asks for; without a schema there are none. */
export function checkClaims({ role, claimsSchema }: Role, claims: unknown): void {
  if (!claimsSchema) {
    if (claims === undefined) return
    throw new DomainError('claims_invalid', `The role ${role} takes no claims; give it a claimsSchema first.`)
  }
  const given = claims ?? {}
  checkSize('The claims have', given, MAX_CREDENTIAL_BYTES)
  const validate = validatorOf(claimsSchema)
  // Nothing but `true` is a yes: a promise would be truthy, too.
  if (validate(given) === true) return
  const { instancePath, message } = validate.errors?.[0] ?? {}
  throw new DomainError('claims_invalid', `The claims do not fit the role ${role}: claims${instancePath} ${message}.`)
}

function validatorOf(schema: Record<string, unknown>): ValidateFunction {
  const key = JSON.stringify(schema)
  const validate = VALIDATORS.get(key) ?? compileClaimsSchema(schema)
  VALIDATORS.set(key, validate)
  return validate
}

function checkSize(what: string, value: unknown, limit: number): void {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes > limit)
    throw new DomainError('claims_invalid', `${what} ${bytes} bytes as JSON; at most ${limit} are taken.`)
}

/** A property of that name, with a schema of its own, is none of these. */
function checkMembers(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const fix = REFUSED[name]
    if (fix && typeof member !== 'object')
      throw new DomainError('claims_invalid', `claimsSchema has ${name}, which is not taken here; ${fix}.`)
    checkMembers(member)
  }
}
