import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm'

const TABLE = 'status_head'
const INDEX = 'status_head_time'

/** Anybody may ask what a list said at some time in the past. */
export class FindPastHeads1795596033419 implements MigrationInterface {
  name = 'FindPastHeads1795596033419'

  async up(queryRunner: QueryRunner): Promise<void> {
    const columnNames = ['issued_at', 'epoch', 'version']
    await queryRunner.createIndex(TABLE, new TableIndex({ name: INDEX, columnNames }))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex(TABLE, INDEX)
  }
}
