import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm'

interface Note {
  id: string
  body: string
}

/** What the tests of the database write. */
export const Notes = new EntitySchema<Note>({
  name: 'note',
  columns: { id: { type: 'text', primary: true }, body: { type: 'text' } },
})

export class CreateNotes1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE note (id text PRIMARY KEY NOT NULL, body text NOT NULL)')
    await queryRunner.query(
      'CREATE TABLE reply (note text NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)',
    )
  }

  async down(): Promise<void> {}
}
