import { DomainError } from '@consulate/core'
import { RE2JS } from 're2js'

/** Steps of all patterns of one schema together: each step costs time with every character that is matched. */
const MAX_STEPS = 1_000

interface LinearRegExp {
  (pattern: string, flags: string): { test(text: string): boolean }
  /** Where Ajv would find it in code that stands alone; there is none here. */
  code: string
}

/**
 * The patterns of one JSON Schema, for Ajv: those of ECMA-262 that RE2 can match in a time that grows with the text and no
 * faster. Throws `claims_invalid` for any other.
 */
export function linearRegExp(): LinearRegExp {
  let steps = 0
  const compile = (pattern: string, flags: string) => {
    const matcher = parse(pattern, flags)
    steps += matcher.programSize()
    if (steps > MAX_STEPS) throw refused(pattern, 'is too large, by itself or with those before it; make it smaller')
    return matcher
  }
  return Object.assign(compile, { code: 'linearRegExp' })
}

function parse(pattern: string, flags: string): RE2JS {
  try {
    new RegExp(pattern, flags)
  } catch {
    throw refused(pattern, 'is no regular expression of ECMA-262')
  }
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern))
  } catch {
    throw refused(
      pattern,
      'is none that RE2 takes; write it without look-around, back references and large repetitions',
    )
  }
}

function refused(pattern: string, why: string): DomainError {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern
  return new DomainError('claims_invalid', `The pattern ${JSON.stringify(shown)} of claimsSchema ${why}.`)
}
