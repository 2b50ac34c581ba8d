import { type QueryRunner, Table } from 'typeorm'
import { columns } from './columns.ts'

/** The table of administrators' keys, stored hashed; a revoked one stays, so that who did what keeps its name. */
export async function createAdministratorTable(queryRunner: QueryRunner): Promise<void> {
  const { text, bigint } = columns(queryRunner)
  await queryRunner.createTable(
    new Table({
      name: 'administrator',
      columns: [
        text('id', { isPrimary: true }),
        text('name'),
        text('scopes'),
        text('key_hash', { isUnique: true }),
        bigint('created_at'),
        text('created_by'),
        bigint('expires_at'),
        bigint('revoked_at', { isNullable: true }),
        text('revoked_by', { isNullable: true }),
      ],
    }),
  )
}

export async function dropAdministratorTable(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.dropTable('administrator')
}

/** Columns that name who did it, empty in the rows that are there. The Table API would copy the whole table in SQLite. */
export async function addActorColumns(
  queryRunner: QueryRunner,
  actors: readonly (readonly [table: string, column: string])[],
): Promise<void> {
  for (const [table, column] of actors) await queryRunner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" text`)
}

export async function dropActorColumns(
  queryRunner: QueryRunner,
  actors: readonly (readonly [table: string, column: string])[],
): Promise<void> {
  for (const [table, column] of actors) await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`)
}
