import type { MigrationInterface, QueryRunner } from 'typeorm'
import {
  addActorColumns,
  createAdministratorTable,
  dropActorColumns,
  dropAdministratorTable,
} from '../administrators.ts'

const ACTORS = [
  ['role', 'changed_by'],
  ['credential', 'issued_by'],
  ['credential', 'changed_by'],
  ['status_kill', 'created_by'],
] as const

export class NameAdministrators1795529759723 implements MigrationInterface {
  readonly name = 'NameAdministrators1795529759723'

  async up(queryRunner: QueryRunner): Promise<void> {
    await createAdministratorTable(queryRunner)
    await addActorColumns(queryRunner, ACTORS)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropActorColumns(queryRunner, ACTORS)
    await dropAdministratorTable(queryRunner)
  }
}
