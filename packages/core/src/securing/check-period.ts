import { CLOCK_SKEW } from '../credential/verify-role-credential.ts'
import { DomainError } from '../errors.ts'
import { parseDateTime } from '../time/date-time.ts'
import type { AnyCredential } from '../vcdm/credential-shape.ts'

/** Throws `credential_not_yet_valid` or `credential_expired`; `now` in seconds, 60 s of skew allowed (VCDM 2.0 §4.9). */
export function checkPeriod({ validFrom, validUntil }: AnyCredential, now: number): void {
  if (validFrom !== undefined && parseDateTime(validFrom) > now + CLOCK_SKEW)
    throw new DomainError('credential_not_yet_valid', `The credential is valid only from ${validFrom}.`)
  if (validUntil !== undefined && parseDateTime(validUntil) <= now - CLOCK_SKEW)
    throw new DomainError('credential_expired', `The credential was valid until ${validUntil}; ask for a new one.`)
}
