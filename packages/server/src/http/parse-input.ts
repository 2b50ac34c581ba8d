import { DomainError, describeIssue } from '@consulate/core'
import type { z } from 'zod'

/** Parses one part of a request; a DomainError thrown inside a schema passes through as it is. */
export function parseInput(part: 'path' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new DomainError(
    'invalid_request',
    `The request's ${part} is not what this route takes: ${describeIssue(parsed.error)}.`,
  )
}
