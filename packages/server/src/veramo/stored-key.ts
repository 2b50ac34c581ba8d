import type { IKey, KeyMetadata } from '@veramo/core-types'

/** A row of `managed_key` as the database gives it; signing reads one each time, too often for entities. */
export interface StoredKey {
  kid: string
  kms: string
  type: string
  public_key_hex: string
  meta: string | null
}

export function toKey({ kid, kms, type, public_key_hex, meta }: StoredKey): IKey {
  return {
    kid,
    kms,
    type,
    publicKeyHex: public_key_hex,
    meta: meta === null ? null : (JSON.parse(meta) as KeyMetadata),
  }
}
