import { z } from 'zod'

const SEGMENT = '[a-z][a-z0-9-]{0,62}'

/** Dotted lower-case ASCII, at most 128 characters: `payments.approver`. */
export const roleNameSchema = z
  .string()
  .max(128)
  .regex(
    new RegExp(`^${SEGMENT}(?:\\.${SEGMENT})*$`),
    'a role is dotted lower-case ASCII, for example payments.approver',
  )

/** A role, or a prefix of roles: `payments.*`, or `*` for all. Wildcards stand only at the end. */
export const rolePatternSchema = z
  .string()
  .max(128)
  .regex(
    new RegExp(`^(?:\\*|${SEGMENT}(?:\\.${SEGMENT})*(?:\\.\\*)?)$`),
    'a wildcard stands only at the end: payments.*',
  )

/** Whether `role` is named by `pattern` (see {@link rolePatternSchema}); `payments.*` does not name `payments` itself. */
export function matchesRole(pattern: string, role: string): boolean {
  return pattern.endsWith('*') ? role.startsWith(pattern.slice(0, -1)) : pattern === role
}
