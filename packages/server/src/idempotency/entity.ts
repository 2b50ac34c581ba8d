import { EntitySchema } from 'typeorm'
import { bigint } from '../db/column-types.ts'

export interface IdempotencyKeyRow {
  scope: string
  key: string
  fingerprint: string
  /** JSON; no secret stands in it. */
  outcome: string
  createdAt: number
}

/** What `createIdempotencyTable` of the migrations makes. */
export const IdempotencyKeyEntity = new EntitySchema<IdempotencyKeyRow>({
  name: 'idempotency_key',
  columns: {
    scope: { type: 'text', primary: true },
    key: { type: 'text', primary: true },
    fingerprint: { type: 'text' },
    outcome: { type: 'text' },
    createdAt: { ...bigint, name: 'created_at' },
  },
  indices: [{ name: 'idempotency_key_created', columns: ['createdAt'] }],
})
