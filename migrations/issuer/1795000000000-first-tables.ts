import { type MigrationInterface, type QueryRunner, Table } from 'typeorm'
import { columns } from '../columns.ts'
import { createKeyTables, dropKeyTables } from '../keys.ts'

const TABLES = [
  'chain_transaction',
  'status_kill',
  'status_head',
  'status_list_version',
  'credential',
  'status_list',
  'agent',
  'role',
]

export class FirstTables1795000000000 implements MigrationInterface {
  name = 'FirstTables1795000000000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { text, integer, bigint, boolean } = columns(queryRunner)
    const optional = { isNullable: true }
    const key = { isPrimary: true }
    await createKeyTables(queryRunner)
    const tables = [
      new Table({
        name: 'role',
        columns: [
          text('role', key),
          text('description'),
          bigint('max_validity_seconds'),
          text('sensitivity'),
          text('claims_schema', optional),
        ],
      }),
      new Table({
        name: 'agent',
        columns: [text('did', key), bigint('killed_at', optional), bigint('created_at')],
      }),
      new Table({
        name: 'status_list',
        columns: [
          text('id', key),
          text('url', { isUnique: true }),
          text('purpose'),
          boolean('open'),
          integer('next_counter'),
          bigint('created_at'),
        ],
        indices: [{ name: 'status_list_open', columnNames: ['purpose', 'open'] }],
      }),
      new Table({
        name: 'credential',
        columns: [
          text('id', key),
          text('agent'),
          text('role'),
          text('operator'),
          bigint('valid_from'),
          bigint('valid_until'),
          text('payload'),
          text('kid'),
          text('revocation_list'),
          integer('revocation_index'),
          text('suspension_list'),
          integer('suspension_index'),
          bigint('revoked_at', optional),
          text('reason', optional),
          boolean('suspended'),
          integer('changed_epoch', optional),
          bigint('changed_version', optional),
        ],
        indices: [
          { name: 'credential_agent_role', columnNames: ['agent', 'role'] },
          {
            name: 'credential_revocation_index',
            columnNames: ['revocation_list', 'revocation_index'],
            isUnique: true,
          },
          {
            name: 'credential_suspension_index',
            columnNames: ['suspension_list', 'suspension_index'],
            isUnique: true,
          },
        ],
      }),
      new Table({
        name: 'status_list_version',
        columns: [
          text('list', key),
          bigint('version', key),
          text('encoded_list'),
          text('digest'),
          integer('epoch'),
          bigint('head_version'),
        ],
        indices: [{ name: 'status_list_version_head', columnNames: ['epoch', 'head_version'] }],
      }),
      new Table({
        name: 'status_head',
        columns: [
          integer('epoch', key),
          bigint('version', key),
          text('issuer'),
          text('prev'),
          text('root'),
          bigint('issued_at'),
          bigint('valid_until'),
          text('signature', optional),
          text('signer', optional),
        ],
      }),
      new Table({
        name: 'status_kill',
        columns: [
          text('id', key),
          text('agent'),
          text('issuer'),
          integer('scope'),
          text('target'),
          bigint('cutoff'),
          text('signature', optional),
          text('signer', optional),
          bigint('created_at'),
        ],
        indices: [{ name: 'status_kill_agent', columnNames: ['agent'] }],
      }),
      new Table({
        name: 'chain_transaction',
        columns: [
          text('hash', key),
          text('kind'),
          text('subject'),
          integer('epoch', optional),
          bigint('version', optional),
          bigint('nonce'),
          text('raw'),
          text('state'),
          bigint('block', optional),
          text('block_hash', optional),
          bigint('created_at'),
        ],
        indices: [
          { name: 'chain_transaction_state', columnNames: ['state'] },
          { name: 'chain_transaction_subject', columnNames: ['subject'] },
        ],
      }),
    ]
    for (const table of tables) await queryRunner.createTable(table)
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.dropTable(table)
    await dropKeyTables(queryRunner)
  }
}
