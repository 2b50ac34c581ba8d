import type { IService, KeyMetadata } from '@veramo/core-types'
import { EntitySchema } from 'typeorm'
import { SealedKey, SealedSecret } from '../keys/entities.ts'

/** A DID that an agent of ours controls. */
export interface ManagedDidRow {
  did: string
  provider: string
  alias: string | null
  controllerKeyId: string | null
  services: IService[]
}

export const ManagedDid = new EntitySchema<ManagedDidRow>({
  name: 'managed_did',
  columns: {
    did: { type: 'text', primary: true },
    provider: { type: 'text' },
    alias: { type: 'text', nullable: true, unique: true },
    controllerKeyId: { type: 'text', name: 'controller_key_id', nullable: true },
    services: { type: 'simple-json' },
  },
})

/** The public side of a key, and the DID it belongs to. */
export interface ManagedKeyRow {
  kid: string
  kms: string
  type: string
  publicKeyHex: string
  meta: KeyMetadata | null
  did: string | null
}

export const ManagedKey = new EntitySchema<ManagedKeyRow>({
  name: 'managed_key',
  columns: {
    kid: { type: 'text', primary: true },
    kms: { type: 'text' },
    type: { type: 'text' },
    publicKeyHex: { type: 'text', name: 'public_key_hex' },
    meta: { type: 'simple-json', nullable: true },
    did: { type: 'text', nullable: true },
  },
  indices: [{ name: 'managed_key_did', columns: ['did'] }],
})

/** What `createKeyTables` of the migrations makes. */
export const keyEntities: EntitySchema[] = [ManagedDid, ManagedKey, SealedKey, SealedSecret]
