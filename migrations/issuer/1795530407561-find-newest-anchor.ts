import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm'

const TABLE = 'chain_transaction'
const INDEX = 'chain_transaction_place'

/** Which head is on chain is asked at each scrape and with each head that is served; transactions become many. */
export class FindNewestAnchor1795530407561 implements MigrationInterface {
  name = 'FindNewestAnchor1795530407561'

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createIndex(TABLE, new TableIndex({ name: INDEX, columnNames: ['kind', 'epoch', 'version'] }))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex(TABLE, INDEX)
  }
}
