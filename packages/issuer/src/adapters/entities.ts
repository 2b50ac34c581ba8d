import { AdministratorEntity, bigint, IdempotencyKeyEntity } from '@consulate/server'
import { keyEntities } from '@consulate/server/veramo'
import { EntitySchema } from 'typeorm'
import type {
  Agent,
  ChainTransaction,
  IssuedCredential,
  ListVersion,
  Role,
  StatusList,
  StoredHead,
  StoredKill,
} from '../records.ts'
import { InstanceCredentialEntity, InstanceListEntity, InstanceListVersionEntity } from './instance-entities.ts'

const key = { type: 'text', primary: true } as const
const text = { type: 'text' } as const
const optional = { nullable: true } as const

const UNSIGNED = 'signature IS NULL'

export const RoleEntity = new EntitySchema<Role>({
  name: 'role',
  columns: {
    role: key,
    description: text,
    maxValiditySeconds: { ...bigint, name: 'max_validity_seconds' },
    sensitivity: text,
    claimsSchema: { type: 'simple-json', name: 'claims_schema', ...optional },
    changedBy: { ...text, name: 'changed_by', ...optional },
  },
})

export const AgentEntity = new EntitySchema<Agent>({
  name: 'agent',
  columns: {
    did: key,
    killedAt: { ...bigint, name: 'killed_at', ...optional },
    createdAt: { ...bigint, name: 'created_at' },
  },
})

export const CredentialEntity = new EntitySchema<IssuedCredential>({
  name: 'credential',
  columns: {
    id: key,
    agent: text,
    role: text,
    operator: text,
    validFrom: { ...bigint, name: 'valid_from' },
    validUntil: { ...bigint, name: 'valid_until' },
    payload: text,
    kid: text,
    revocationList: { ...text, name: 'revocation_list' },
    revocationIndex: { type: 'integer', name: 'revocation_index' },
    suspensionList: { ...text, name: 'suspension_list' },
    suspensionIndex: { type: 'integer', name: 'suspension_index' },
    issuedBy: { ...text, name: 'issued_by', ...optional },
    revokedAt: { ...bigint, name: 'revoked_at', ...optional },
    reason: { ...text, ...optional },
    suspended: { type: 'boolean' },
    changedBy: { ...text, name: 'changed_by', ...optional },
    changedEpoch: { type: 'integer', name: 'changed_epoch', ...optional },
    changedVersion: { ...bigint, name: 'changed_version', ...optional },
  },
  indices: [
    { name: 'credential_agent_role', columns: ['agent', 'role'] },
    { name: 'credential_revocation_index', columns: ['revocationList', 'revocationIndex'], unique: true },
    { name: 'credential_suspension_index', columns: ['suspensionList', 'suspensionIndex'], unique: true },
  ],
})

export const ListEntity = new EntitySchema<StatusList>({
  name: 'status_list',
  columns: {
    id: key,
    url: { ...text, unique: true },
    purpose: text,
    open: { type: 'boolean' },
    nextCounter: { type: 'integer', name: 'next_counter' },
    createdAt: { ...bigint, name: 'created_at' },
  },
  indices: [{ name: 'status_list_open', columns: ['purpose', 'open'] }],
})

export const ListVersionEntity = new EntitySchema<ListVersion>({
  name: 'status_list_version',
  columns: {
    list: key,
    version: { ...bigint, primary: true },
    encodedList: { ...text, name: 'encoded_list' },
    digest: text,
    epoch: { type: 'integer' },
    headVersion: { ...bigint, name: 'head_version' },
  },
  indices: [{ name: 'status_list_version_head', columns: ['epoch', 'headVersion'] }],
})

export const HeadEntity = new EntitySchema<StoredHead>({
  name: 'status_head',
  columns: {
    epoch: { type: 'integer', primary: true },
    version: { ...bigint, primary: true },
    issuer: text,
    prev: text,
    root: text,
    issuedAt: { ...bigint, name: 'issued_at' },
    validUntil: { ...bigint, name: 'valid_until' },
    signature: { ...text, ...optional },
    signer: { ...text, ...optional },
  },
  indices: [
    { name: 'status_head_unsigned', columns: ['epoch', 'version'], where: UNSIGNED },
    { name: 'status_head_time', columns: ['issuedAt', 'epoch', 'version'] },
  ],
})

export const KillEntity = new EntitySchema<StoredKill>({
  name: 'status_kill',
  columns: {
    id: key,
    agent: text,
    issuer: text,
    scope: { type: 'integer' },
    target: text,
    cutoff: bigint,
    signature: { ...text, ...optional },
    signer: { ...text, ...optional },
    createdAt: { ...bigint, name: 'created_at' },
    createdBy: { ...text, name: 'created_by', ...optional },
  },
  indices: [
    { name: 'status_kill_agent', columns: ['agent'] },
    { name: 'status_kill_unsigned', columns: ['createdAt'], where: UNSIGNED },
  ],
})

export const TransactionEntity = new EntitySchema<ChainTransaction>({
  name: 'chain_transaction',
  columns: {
    hash: key,
    kind: text,
    subject: text,
    epoch: { type: 'integer', ...optional },
    version: { ...bigint, ...optional },
    nonce: bigint,
    raw: text,
    state: text,
    block: { ...bigint, ...optional },
    blockHash: { ...text, name: 'block_hash', ...optional },
    createdAt: { ...bigint, name: 'created_at' },
  },
  indices: [
    { name: 'chain_transaction_state', columns: ['state'] },
    { name: 'chain_transaction_subject', columns: ['subject'] },
    { name: 'chain_transaction_place', columns: ['kind', 'epoch', 'version'] },
  ],
})

export const entities: EntitySchema[] = [
  ...keyEntities,
  AdministratorEntity,
  IdempotencyKeyEntity,
  RoleEntity,
  AgentEntity,
  CredentialEntity,
  ListEntity,
  ListVersionEntity,
  HeadEntity,
  KillEntity,
  TransactionEntity,
  InstanceListEntity,
  InstanceListVersionEntity,
  InstanceCredentialEntity,
]
