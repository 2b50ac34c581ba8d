import { EntitySchema } from 'typeorm'
import { bigint } from '../db/column-types.ts'
import type { AdministratorRecord } from './record.ts'

const key = { type: 'text', primary: true } as const
const text = { type: 'text' } as const
const optional = { nullable: true } as const

export const AdministratorEntity = new EntitySchema<AdministratorRecord>({
  name: 'administrator',
  columns: {
    id: key,
    name: text,
    scopes: { type: 'simple-json' },
    keyHash: { ...text, name: 'key_hash', unique: true },
    createdAt: { ...bigint, name: 'created_at' },
    createdBy: { ...text, name: 'created_by' },
    expiresAt: { ...bigint, name: 'expires_at' },
    revokedAt: { ...bigint, name: 'revoked_at', ...optional },
    revokedBy: { ...text, name: 'revoked_by', ...optional },
  },
})
