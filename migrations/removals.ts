import { type QueryRunner, Table } from 'typeorm'
import { columns } from './columns.ts'

/** Who removed what: of a row that is gone nothing else would say. Rows are only ever added. */
export async function createRemovalTable(queryRunner: QueryRunner): Promise<void> {
  const { text, bigint } = columns(queryRunner)
  await queryRunner.createTable(
    new Table({
      name: 'removal',
      columns: [
        text('id', { isPrimary: true }),
        text('kind'),
        text('subject'),
        text('removed_by'),
        bigint('removed_at'),
      ],
    }),
  )
}

export async function dropRemovalTable(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.dropTable('removal')
}
