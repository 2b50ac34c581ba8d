import type { MigrationInterface, QueryRunner } from 'typeorm'
import {
  addActorColumns,
  createAdministratorTable,
  dropActorColumns,
  dropAdministratorTable,
} from '../administrators.ts'

const ACTORS = [['agent', 'created_by']] as const

export class NameAdministrators1795529759789 implements MigrationInterface {
  readonly name = 'NameAdministrators1795529759789'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createAdministratorTable(queryRunner)
    await addActorColumns(queryRunner, ACTORS)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropActorColumns(queryRunner, ACTORS)
    await dropAdministratorTable(queryRunner)
  }
}
