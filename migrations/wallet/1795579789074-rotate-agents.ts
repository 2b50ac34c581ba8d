import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'

export class RotateAgents1795579789074 implements MigrationInterface {
  readonly name = 'RotateAgents1795579789074'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, bigint } = columns(queryRunner)
    const nullable = { isNullable: true }
    await queryRunner.createTable(
      new Table({
        name: 'rotation',
        columns: [
          text('did', { isPrimary: true }),
          text('owner'),
          text('state'),
          text('raw', nullable),
          text('hash', nullable),
          bigint('nonce', nullable),
          bigint('block', nullable),
          text('block_hash', nullable),
          bigint('created_at'),
          text('created_by'),
        ],
        indices: [{ name: 'rotation_state', columnNames: ['state'] }],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('rotation')
  }
}
