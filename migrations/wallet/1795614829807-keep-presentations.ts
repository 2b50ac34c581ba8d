import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'

export class KeepPresentations1795614829807 implements MigrationInterface {
  readonly name = 'KeepPresentations1795614829807'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, bigint } = columns(queryRunner)
    const key = { isPrimary: true }
    await queryRunner.createTable(
      new Table({
        name: 'presentation',
        columns: [text('agent', key), text('id', key), text('secured'), bigint('created_at')],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('presentation')
  }
}
