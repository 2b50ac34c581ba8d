import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm'
import { columns } from '../columns.ts'

/** Of which head a memory speaks, so that of several instances none goes back behind another. */
export class OrderIssuerMemory1795526968331 implements MigrationInterface {
  name = 'OrderIssuerMemory1795526968331'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { integer, bigint } = columns(queryRunner)
    const added = [integer('epoch', { default: 0 }), bigint('version', { default: 0 })]
    await queryRunner.addColumns(
      'issuer_memory',
      added.map((column) => new TableColumn(column)),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumns('issuer_memory', ['epoch', 'version'])
  }
}
