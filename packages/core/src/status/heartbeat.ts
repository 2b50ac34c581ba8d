import { z } from 'zod'
import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { openStatement, statementHead } from './statement.ts'

/** The `typ` of a heartbeat. */
export const HEARTBEAT_TYPE = 'consulate-heartbeat+jwt'

/** How far the clocks of an issuer and a verifier may be apart, in milliseconds. */
const MAX_AHEAD_MS = 2_000

const heartbeatSchema = z.strictObject({
  ...statementHead,
  /** Struct hash of that head. */
  head: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  /** The time just before the database was read for it, in milliseconds since 1970. */
  readAt: z.int().min(0),
})

/** That a head was the issuer's newest at `readAt`. */
export type Heartbeat = z.infer<typeof heartbeatSchema>

/** Opens a heartbeat, a compact JWS. Throws as `openStatement` does, and `heartbeat_ahead` for one from the future. */
export function openHeartbeat(token: string, keys: DidKeys, nowMs: number): Heartbeat {
  const heartbeat = openStatement(token, { typ: HEARTBEAT_TYPE, schema: heartbeatSchema, keys })
  const ahead = heartbeat.readAt - nowMs
  if (ahead > MAX_AHEAD_MS)
    throw new DomainError(
      'heartbeat_ahead',
      `${keys.did} says that it is ${ahead} ms later than it is here; set the clock of one of the two.`,
    )
  return heartbeat
}
