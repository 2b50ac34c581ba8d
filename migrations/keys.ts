import { type QueryRunner, Table } from 'typeorm'
import { columns } from './columns.ts'

/** The tables of managed DIDs, their keys, and sealed keys and secrets. */
export async function createKeyTables(queryRunner: QueryRunner): Promise<void> {
  const { text, bytes, integer } = columns(queryRunner)
  await queryRunner.createTable(
    new Table({
      name: 'managed_did',
      columns: [
        text('did', { isPrimary: true }),
        text('provider'),
        text('alias', { isNullable: true, isUnique: true }),
        text('controller_key_id', { isNullable: true }),
        text('services'),
      ],
    }),
  )
  await queryRunner.createTable(
    new Table({
      name: 'managed_key',
      columns: [
        text('kid', { isPrimary: true }),
        text('kms'),
        text('type'),
        text('public_key_hex'),
        text('meta', { isNullable: true }),
        text('did', { isNullable: true }),
      ],
      indices: [{ name: 'managed_key_did', columnNames: ['did'] }],
    }),
  )
  await queryRunner.createTable(
    new Table({
      name: 'sealed_key',
      columns: [
        text('kid', { isPrimary: true }),
        text('type'),
        text('public_key_hex'),
        integer('version'),
        bytes('sealed'),
      ],
    }),
  )
  await createSecretTable(queryRunner)
}

export async function dropKeyTables(queryRunner: QueryRunner): Promise<void> {
  await dropSecretTable(queryRunner)
  for (const table of ['sealed_key', 'managed_key', 'managed_did']) await queryRunner.dropTable(table)
}

/** The table of sealed secrets alone, for a service that holds no keys. */
export async function createSecretTable(queryRunner: QueryRunner): Promise<void> {
  const { text, bytes, integer } = columns(queryRunner)
  await queryRunner.createTable(
    new Table({
      name: 'sealed_secret',
      columns: [
        text('kind', { isPrimary: true }),
        text('id', { isPrimary: true }),
        integer('version'),
        bytes('sealed'),
      ],
    }),
  )
}

export async function dropSecretTable(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.dropTable('sealed_secret')
}
