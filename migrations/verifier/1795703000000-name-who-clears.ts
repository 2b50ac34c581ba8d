import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm'
import { columns } from '../columns.ts'

/** Who has cleared what an issuer was convicted of. */
export class NameWhoClears1795703000000 implements MigrationInterface {
  name = 'NameWhoClears1795703000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text } = columns(queryRunner)
    await queryRunner.addColumn('equivocation', new TableColumn(text('cleared_by', { isNullable: true })))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('equivocation', 'cleared_by')
  }
}
