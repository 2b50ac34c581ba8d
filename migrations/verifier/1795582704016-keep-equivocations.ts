import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'

/** Two signed heads of an issuer that exclude each other, one pair for an epoch. */
export class KeepEquivocations1795582704016 implements MigrationInterface {
  name = 'KeepEquivocations1795582704016'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, integer, bigint } = columns(queryRunner)
    const key = { isPrimary: true }
    await queryRunner.createTable(
      new Table({
        name: 'equivocation',
        columns: [
          text('issuer', key),
          integer('epoch', key),
          text('heads'),
          bigint('found_at'),
          bigint('cleared_at', { isNullable: true }),
        ],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('equivocation')
  }
}
