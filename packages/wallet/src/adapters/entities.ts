import { AdministratorEntity, bigint, IdempotencyKeyEntity, RemovalEntity } from '@consulate/server'
import { keyEntities } from '@consulate/server/veramo'
import { EntitySchema } from 'typeorm'
import type { Rotation, StoredCredential, StoredPresentation, WalletAgent } from '../records.ts'

export const AgentEntity = new EntitySchema<WalletAgent>({
  name: 'agent',
  columns: {
    did: { type: 'text', primary: true },
    name: { type: 'text', unique: true },
    tokenHash: { type: 'text', name: 'token_hash', unique: true },
    createdAt: { ...bigint, name: 'created_at' },
    createdBy: { type: 'text', name: 'created_by', nullable: true },
  },
})

export const CredentialEntity = new EntitySchema<StoredCredential>({
  name: 'credential',
  columns: {
    id: { type: 'text', primary: true },
    agent: { type: 'text', primary: true },
    issuer: { type: 'text' },
    role: { type: 'text' },
    validUntil: { ...bigint, name: 'valid_until' },
    token: { type: 'text' },
    storedAt: { ...bigint, name: 'stored_at' },
  },
  indices: [{ name: 'credential_agent', columns: ['agent'] }],
})

export const PresentationEntity = new EntitySchema<StoredPresentation>({
  name: 'presentation',
  columns: {
    agent: { type: 'text', primary: true },
    id: { type: 'text', primary: true },
    secured: { type: 'text' },
    createdAt: { ...bigint, name: 'created_at' },
  },
})

export const RotationEntity = new EntitySchema<Rotation>({
  name: 'rotation',
  columns: {
    did: { type: 'text', primary: true },
    owner: { type: 'text' },
    state: { type: 'text' },
    raw: { type: 'text', nullable: true },
    hash: { type: 'text', nullable: true },
    nonce: { ...bigint, nullable: true },
    block: { ...bigint, nullable: true },
    blockHash: { type: 'text', name: 'block_hash', nullable: true },
    createdAt: { ...bigint, name: 'created_at' },
    createdBy: { type: 'text', name: 'created_by' },
  },
  indices: [{ name: 'rotation_state', columns: ['state'] }],
})

export const entities: EntitySchema[] = [
  ...keyEntities,
  AdministratorEntity,
  IdempotencyKeyEntity,
  RemovalEntity,
  AgentEntity,
  CredentialEntity,
  PresentationEntity,
  RotationEntity,
]
