import { DomainError } from '@consulate/core'
import type { Database } from '../db/database.ts'
import type { Sealer } from './sealer.ts'
import { createSecretStore } from './secret-store.ts'

const ROOT_KEY_LENGTH = 32

/**
 * Reads a root key: 32 bytes in base64url without padding. The message goes on where the name of the variable ends.
 *
 * @throws DomainError `invalid_request`
 */
export function parseRootKey(text: string): Buffer {
  const key = Buffer.from(text, 'base64url')
  if (key.length === ROOT_KEY_LENGTH && key.toString('base64url') === text) return key
  throw new DomainError(
    'invalid_request',
    `must be 32 bytes in base64url without padding, 43 characters; it has ${text.length} characters and is not. ` +
      "Make one with: openssl rand -base64 32 | tr '+/' '-_' | tr -d '='",
  )
}

/**
 * Refuses a root key other than the one this database was first used with, in the given words.
 *
 * @throws DomainError `unavailable`
 */
export async function assertRootKey(
  database: Database,
  sealer: Sealer,
  refusal = 'The root key is not the one this database was sealed with.',
): Promise<void> {
  try {
    await createSecretStore(database, sealer).getOrCreate('root-key-check', 'service')
  } catch (cause) {
    if (!(cause instanceof DomainError && cause.code === 'internal')) throw cause
    throw new DomainError('unavailable', refusal, { cause })
  }
}
