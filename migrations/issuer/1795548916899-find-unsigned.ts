import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm'

const INDICES = [
  { table: 'status_head', name: 'status_head_unsigned', columnNames: ['epoch', 'version'] },
  { table: 'status_kill', name: 'status_kill_unsigned', columnNames: ['created_at'] },
]

/** What waits for its signature is asked after each change, and is next to nothing of all there ever was. */
export class FindUnsigned1795548916899 implements MigrationInterface {
  name = 'FindUnsigned1795548916899'

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const { table, ...index } of INDICES)
      await queryRunner.createIndex(table, new TableIndex({ ...index, where: 'signature IS NULL' }))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, name } of INDICES) await queryRunner.dropIndex(table, name)
  }
}
