import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addActorColumns, dropActorColumns } from '../administrators.ts'
import { createRemovalTable, dropRemovalTable } from '../removals.ts'

const ACTORS = [['equivocation', 'cleared_by']] as const

export class NameRemovers1795618000000 implements MigrationInterface {
  readonly name = 'NameRemovers1795618000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createRemovalTable(queryRunner)
    await addActorColumns(queryRunner, ACTORS)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropActorColumns(queryRunner, ACTORS)
    await dropRemovalTable(queryRunner)
  }
}
