import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'
import { createKeyTables, dropKeyTables } from '../keys.ts'

export class FirstTables1795000000000 implements MigrationInterface {
  name = 'FirstTables1795000000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, bigint } = columns(queryRunner)
    const key = { isPrimary: true }
    await createKeyTables(queryRunner)
    await queryRunner.createTable(
      new Table({
        name: 'agent',
        columns: [
          text('did', key),
          text('name', { isUnique: true }),
          text('token_hash', { isUnique: true }),
          bigint('created_at'),
        ],
      }),
    )
    await queryRunner.createTable(
      new Table({
        name: 'credential',
        columns: [
          text('id', key),
          text('agent', key),
          text('issuer'),
          text('role'),
          bigint('valid_until'),
          text('token'),
          bigint('stored_at'),
        ],
        indices: [{ name: 'credential_agent', columnNames: ['agent'] }],
      }),
    )
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['credential', 'agent']) await queryRunner.dropTable(table)
    await dropKeyTables(queryRunner)
  }
}
