import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'

export class KeepInstanceLists1795614411447 implements MigrationInterface {
  readonly name = 'KeepInstanceLists1795614411447'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, bigint } = columns(queryRunner)
    const key = { isPrimary: true }
    await queryRunner.createTable(
      new Table({
        name: 'instance_list_version',
        columns: [
          text('instance', key),
          text('list', key),
          bigint('version', key),
          text('encoded_list'),
          bigint('changed_at'),
        ],
      }),
    )
    await queryRunner.query(
      'INSERT INTO instance_list_version (instance, list, version, encoded_list, changed_at) ' +
        'SELECT instance, id, version, encoded_list, changed_at FROM instance_list',
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('instance_list_version')
  }
}
