import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createRemovalTable, dropRemovalTable } from '../removals.ts'

export class NameRemovers1795618000001 implements MigrationInterface {
  readonly name = 'NameRemovers1795618000001'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createRemovalTable(queryRunner)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropRemovalTable(queryRunner)
  }
}
