import { DomainError, describeIssue } from '@consulate/core'
import type { z } from 'zod'

/** Parses one part of a request; a DomainError thrown inside a schema passes through as it is. */
export function parseInput(part: 'path' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (!parsed.success)
    throw new DomainError(
      'invalid_request',
      `The request's ${part} is not what this route takes: ${describeIssue(parsed.error)}.`,
    )
  if (hasNul(value))
    throw new DomainError('invalid_request', `The request's ${part} has the character U+0000 in it; leave it out.`)
  return parsed.data
}

/** PostgreSQL has no text with this character. */
function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => name.includes('\0') || hasNul(member))
}
