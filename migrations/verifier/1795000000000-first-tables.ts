import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'
import { createSecretTable, dropSecretTable } from '../keys.ts'

const TABLES = ['issuer_memory', 'consumed_challenge', 'resource_server', 'trusted_issuer']

export class FirstTables1795000000000 implements MigrationInterface {
  name = 'FirstTables1795000000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, bigint } = columns(queryRunner)
    const key = { isPrimary: true }
    await createSecretTable(queryRunner)
    const tables = [
      new Table({
        name: 'trusted_issuer',
        columns: [text('did', key), text('roles'), text('status_url'), text('min_sensitivity'), bigint('created_at')],
      }),
      new Table({
        name: 'resource_server',
        columns: [
          text('id', key),
          text('name'),
          text('token_hash', { isUnique: true }),
          text('domains'),
          bigint('created_at'),
        ],
      }),
      new Table({
        name: 'consumed_challenge',
        columns: [text('id', key), bigint('expires_at')],
        indices: [{ name: 'consumed_challenge_expiry', columnNames: ['expires_at'] }],
      }),
      new Table({ name: 'issuer_memory', columns: [text('issuer', key), text('snapshot')] }),
    ]
    for (const table of tables) await queryRunner.createTable(table)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.dropTable(table)
    await dropSecretTable(queryRunner)
  }
}
