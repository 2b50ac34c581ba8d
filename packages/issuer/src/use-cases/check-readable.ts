import { DomainError, MAX_CREDENTIAL_BYTES, parseStrictJson, type RoleCredential } from '@consulate/core'
import type { Context } from '../context.ts'

/** Throws `invalid_request` for a credential that no verifier would read, because of what its caller put in. */
export function checkReadable(
  { identity }: Pick<Context, 'identity'>,
  { credentialSubject: { constraints, claims } }: RoleCredential,
  payload: string,
): void {
  const length = identity.tokenLength(payload)
  if (length > MAX_CREDENTIAL_BYTES)
    throw new DomainError(
      'invalid_request',
      `The credential would have ${length} characters, and verifiers read at most ${MAX_CREDENTIAL_BYTES}: shorten constraints or claims.`,
    )
  // Of what came in, only these are free JSON.
  if (constraints || claims) checkJson(payload)
}

function checkJson(payload: string): void {
  try {
    parseStrictJson(payload)
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause
    throw new DomainError(
      'invalid_request',
      `Verifiers would not read the credential; change constraints or claims. ${cause.message}`,
      { cause },
    )
  }
}
