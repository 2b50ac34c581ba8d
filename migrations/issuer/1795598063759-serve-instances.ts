import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'

export class ServeInstances1795598063759 implements MigrationInterface {
  readonly name = 'ServeInstances1795598063759'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, integer, bigint, boolean } = columns(queryRunner)
    const key = { isPrimary: true }
    const optional = { isNullable: true }
    await queryRunner.createTable(
      new Table({
        name: 'instance_list',
        columns: [
          text('instance', key),
          text('id', key),
          text('url'),
          text('purpose'),
          integer('number'),
          integer('next_counter'),
          bigint('version'),
          text('encoded_list'),
          bigint('changed_at'),
        ],
      }),
    )
    await queryRunner.createTable(
      new Table({
        name: 'instance_credential',
        columns: [
          text('id', key),
          text('instance'),
          text('credential_id', optional),
          text('payload'),
          bigint('issued_at'),
          text('issued_by'),
          text('revocation_list', optional),
          integer('revocation_index', optional),
          text('suspension_list', optional),
          integer('suspension_index', optional),
          boolean('revoked'),
          boolean('suspended'),
          text('changed_by', optional),
        ],
        indices: [
          { name: 'instance_credential_name', columnNames: ['instance', 'credential_id'] },
          {
            name: 'instance_credential_revocation',
            columnNames: ['instance', 'revocation_list', 'revocation_index'],
            isUnique: true,
          },
          {
            name: 'instance_credential_suspension',
            columnNames: ['instance', 'suspension_list', 'suspension_index'],
            isUnique: true,
          },
        ],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('instance_credential')
    await queryRunner.dropTable('instance_list')
  }
}
