import { AdministratorEntity, bigint, IdempotencyKeyEntity, RemovalEntity, SealedSecret } from '@consulate/server'
import { EntitySchema } from 'typeorm'
import type { ResourceServer, TrustedIssuer } from '../records.ts'

const key = { type: 'text', primary: true } as const
const text = { type: 'text' } as const
const json = { type: 'simple-json' } as const
const optional = { nullable: true } as const
const createdAt = { ...bigint, name: 'created_at' }

export const TrustedIssuerEntity = new EntitySchema<TrustedIssuer>({
  name: 'trusted_issuer',
  columns: {
    did: key,
    roles: json,
    statusUrl: { ...text, name: 'status_url' },
    minSensitivity: { ...text, name: 'min_sensitivity' },
    statusToken: { type: 'blob', name: 'status_token', ...optional },
    createdAt,
    changedBy: { ...text, name: 'changed_by', ...optional },
  },
})

export const ResourceServerEntity = new EntitySchema<ResourceServer>({
  name: 'resource_server',
  columns: {
    id: key,
    name: text,
    tokenHash: { ...text, name: 'token_hash', unique: true },
    domains: json,
    createdAt,
    createdBy: { ...text, name: 'created_by', ...optional },
  },
})

export const ConsumedChallengeEntity = new EntitySchema<{ id: string; expiresAt: number }>({
  name: 'consumed_challenge',
  columns: { id: key, expiresAt: { ...bigint, name: 'expires_at' } },
  indices: [{ name: 'consumed_challenge_expiry', columns: ['expiresAt'] }],
})

export const IssuerMemoryEntity = new EntitySchema<{
  issuer: string
  snapshot: string
  epoch: number
  version: number
}>({
  name: 'issuer_memory',
  columns: {
    issuer: key,
    snapshot: text,
    epoch: { type: 'integer', default: 0 },
    version: { ...bigint, default: 0 },
  },
})

/** Two signed heads that exclude each other; never deleted. `clearedAt` when a person has seen it. */
export const EquivocationEntity = new EntitySchema<{
  issuer: string
  epoch: number
  heads: unknown
  foundAt: number
  clearedAt: number | null
  clearedBy: string | null
}>({
  name: 'equivocation',
  columns: {
    issuer: key,
    epoch: { type: 'integer', primary: true },
    heads: json,
    foundAt: { ...bigint, name: 'found_at' },
    clearedAt: { ...bigint, name: 'cleared_at', ...optional },
    clearedBy: { ...text, name: 'cleared_by', ...optional },
  },
})

export const entities: EntitySchema[] = [
  SealedSecret,
  AdministratorEntity,
  IdempotencyKeyEntity,
  RemovalEntity,
  TrustedIssuerEntity,
  ResourceServerEntity,
  ConsumedChallengeEntity,
  IssuerMemoryEntity,
  EquivocationEntity,
]
