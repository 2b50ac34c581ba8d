import { z } from 'zod'
import type { DidKeys } from '../did/verification-method.ts'
import { openStatement, statementHead } from './statement.ts'

/** The `typ` of a delta. */
export const DELTA_TYPE = 'consulate-delta+jwt'

/** A list that changes by more is fetched. */
export const MAX_DELTA_INDICES = 10_000

const deltaSchema = z.strictObject({
  ...statementHead,
  list: z.string().min(1).max(2048),
  listVersion: z.int().min(1),
  set: z.array(z.int().min(0).max(8_388_607)).min(1).max(MAX_DELTA_INDICES),
})

/**
 * Revocation bits of one list, by its URL, that the head of that version has set and the one before had not. It can set bits
 * and never clear any, so that it holds whatever becomes of that head.
 */
export type Delta = z.infer<typeof deltaSchema>

/** Opens a delta, a compact JWS. Throws as `openStatement` does. */
export function openDelta(token: string, keys: DidKeys): Delta {
  return openStatement(token, { typ: DELTA_TYPE, schema: deltaSchema, keys })
}
