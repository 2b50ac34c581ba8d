import { type QueryRunner, Table } from 'typeorm'
import { columns } from './columns.ts'

/** The table of idempotency keys and of what came of their requests. */
export async function createIdempotencyTable(queryRunner: QueryRunner): Promise<void> {
  const { text, bigint } = columns(queryRunner)
  await queryRunner.createTable(
    new Table({
      name: 'idempotency_key',
      columns: [
        text('scope', { isPrimary: true }),
        text('key', { isPrimary: true }),
        text('fingerprint'),
        text('outcome'),
        bigint('created_at'),
      ],
      indices: [{ name: 'idempotency_key_created', columnNames: ['created_at'] }],
    }),
  )
}

export async function dropIdempotencyTable(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.dropTable('idempotency_key')
}
