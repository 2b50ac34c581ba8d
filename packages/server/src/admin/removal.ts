import { randomUUID } from 'node:crypto'
import { type EntityManager, EntitySchema } from 'typeorm'
import { bigint } from '../db/column-types.ts'

/** Who removed something, and when in seconds since 1970. */
export interface Remover {
  by: string
  at: number
}

interface Removal {
  id: string
  /** Such as `agent`. */
  kind: string
  /** Which one: its key when it was there. */
  subject: string
  removedBy: string
  removedAt: number
}

/** What `createRemovalTable` of the migrations makes; rows are only ever added. */
export const RemovalEntity = new EntitySchema<Removal>({
  name: 'removal',
  columns: {
    id: { type: 'text', primary: true },
    kind: { type: 'text' },
    subject: { type: 'text' },
    removedBy: { type: 'text', name: 'removed_by' },
    removedAt: { ...bigint, name: 'removed_at' },
  },
})

/** For the transaction that removes it. */
export async function recordRemoval(
  tx: EntityManager,
  kind: string,
  subject: string,
  { by, at }: Remover,
): Promise<void> {
  await tx.insert(RemovalEntity, { id: randomUUID(), kind, subject, removedBy: by, removedAt: at })
}
