import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createIdempotencyTable, dropIdempotencyTable } from '../idempotency.ts'

export class RememberRequests1795530107652 implements MigrationInterface {
  name = 'RememberRequests1795530107652'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createIdempotencyTable(queryRunner)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropIdempotencyTable(queryRunner)
  }
}
