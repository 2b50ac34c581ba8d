import type { MigrationInterface, QueryRunner } from 'typeorm'
import {
  addActorColumns,
  createAdministratorTable,
  dropActorColumns,
  dropAdministratorTable,
} from '../administrators.ts'

const ACTORS = [
  ['trusted_issuer', 'changed_by'],
  ['resource_server', 'created_by'],
] as const

export class NameAdministrators1795529759856 implements MigrationInterface {
  readonly name = 'NameAdministrators1795529759856'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createAdministratorTable(queryRunner)
    await addActorColumns(queryRunner, ACTORS)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropActorColumns(queryRunner, ACTORS)
    await dropAdministratorTable(queryRunner)
  }
}
