import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DomainError } from '@consulate/core'

/** What a sealed value is and whose; a value opens under exactly the context it was sealed in. */
export interface SealContext {
  kind: string
  owner: string
  id: string
  version: number
}

/** Seals secrets for storage. */
export interface Sealer {
  seal(context: SealContext, secret: Uint8Array): Buffer
  /** @throws DomainError `internal` when the value was altered, moved from elsewhere or sealed under another root key */
  open(context: SealContext, sealed: Uint8Array): Buffer
}

const CIPHER = 'aes-256-gcm'
const FORMAT = 1
const IV_LENGTH = 12
const TAG_LENGTH = 16
const HEADER_LENGTH = 1 + IV_LENGTH

/**
 * AES-256-GCM: format byte 1 ‖ random 96-bit IV ‖ ciphertext ‖ 128-bit tag. One root key serves one service and nothing
 * but this, so it is used as it is; NIST SP 800-38D allows 2^32 random IVs under it.
 */
export function createSealer(rootKey: Uint8Array): Sealer {
  const key = Buffer.from(rootKey)
  return {
    seal(context, secret) {
      const iv = randomBytes(IV_LENGTH)
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_LENGTH }).setAAD(associatedData(context))
      return Buffer.concat([Buffer.of(FORMAT), iv, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    open(context, sealed) {
      if (sealed.length < HEADER_LENGTH + TAG_LENGTH || sealed[0] !== FORMAT) throw notOpened(context, 'format')
      const iv = sealed.subarray(1, HEADER_LENGTH)
      try {
        const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_LENGTH })
          .setAAD(associatedData(context))
          .setAuthTag(sealed.subarray(-TAG_LENGTH))
        return Buffer.concat([decipher.update(sealed.subarray(HEADER_LENGTH, -TAG_LENGTH)), decipher.final()])
      } catch {
        throw notOpened(context, 'authentication')
      }
    },
  }
}

/** A JSON array: no value can run into the next one. */
function associatedData({ kind, owner, id, version }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([kind, owner, id, version]))
}

function notOpened({ kind, id }: SealContext, check: string): DomainError {
  return new DomainError('internal', 'A stored secret could not be opened.', {
    reason: `${kind} ${id} (${check}): altered, moved from another record, or sealed under another root key`,
  })
}
