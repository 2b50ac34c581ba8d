import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm'
import { columns } from '../columns.ts'

/** What a verifier shows an issuer to be known by it, sealed. */
export class SealStatusTokens1795622400000 implements MigrationInterface {
  readonly name = 'SealStatusTokens1795622400000'

  async up(queryRunner: QueryRunner): Promise<void> {
    const { bytes } = columns(queryRunner)
    await queryRunner.addColumn('trusted_issuer', new TableColumn(bytes('status_token', { isNullable: true })))
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropColumn('trusted_issuer', 'status_token')
  }
}
