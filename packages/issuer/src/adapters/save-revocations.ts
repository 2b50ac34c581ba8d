import { setImmediate as nextTurn } from 'node:timers/promises'
import { LIST_BITS } from '@consulate/core'
import type { EntityManager } from 'typeorm'
import type { Transaction } from '../ports.ts'
import { ListEntity } from './entities.ts'

/** Of a list that one statement goes through: short enough for the thread, and for PostgreSQL's limit of time. */
const INDICES_AT_ONCE = 4_096

/** Goes through the lists by their indices: there is an index for that, and none for a role. */
export async function* saveRevocations(
  tx: EntityManager,
  role: string,
  since: number,
  { revokedAt, reason, changedBy, changedEpoch, changedVersion }: Parameters<Transaction['saveRevocations']>[2],
): ReturnType<Transaction['saveRevocations']> {
  const lists = await tx.find(ListEntity, { where: { purpose: 'revocation' }, order: { id: 'ASC' } })
  for (const { id: list } of lists) {
    const indices: number[] = []
    for (let from = 0; from < LIST_BITS; from += INDICES_AT_ONCE) {
      const end = from + INDICES_AT_ONCE
      const rows = await tx.sql<{ index: number }[]>`
        SELECT revocation_index AS "index" FROM credential
        WHERE revocation_list = ${list} AND revocation_index >= ${from} AND revocation_index < ${end}
          AND role = ${role} AND valid_until >= ${since} AND revoked_at IS NULL`
      if (rows.length > 0)
        await tx.sql`
          UPDATE credential SET revoked_at = ${revokedAt}, reason = ${reason}, changed_by = ${changedBy},
            changed_epoch = ${changedEpoch}, changed_version = ${changedVersion}
          WHERE revocation_list = ${list} AND revocation_index >= ${from} AND revocation_index < ${end}
            AND role = ${role} AND valid_until >= ${since} AND revoked_at IS NULL`
      for (const { index } of rows) indices.push(index)
      await nextTurn()
    }
    if (indices.length > 0) yield { list, indices }
  }
}
