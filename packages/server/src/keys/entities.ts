import { EntitySchema } from 'typeorm'

/** A private key, as the key management system keeps it. */
export interface SealedKeyRow {
  kid: string
  type: string
  publicKeyHex: string
  version: number
  sealed: Uint8Array
}

export const SealedKey = new EntitySchema<SealedKeyRow>({
  name: 'sealed_key',
  columns: {
    kid: { type: 'text', primary: true },
    type: { type: 'text' },
    publicKeyHex: { type: 'text', name: 'public_key_hex' },
    version: { type: 'integer' },
    sealed: { type: 'blob' },
  },
})

export interface SealedSecretRow {
  kind: string
  id: string
  version: number
  sealed: Uint8Array
}

export const SealedSecret = new EntitySchema<SealedSecretRow>({
  name: 'sealed_secret',
  columns: {
    kind: { type: 'text', primary: true },
    id: { type: 'text', primary: true },
    version: { type: 'integer' },
    sealed: { type: 'blob' },
  },
})
