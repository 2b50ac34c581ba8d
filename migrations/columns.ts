import type { QueryRunner, TableColumnOptions } from 'typeorm'

type Options = Omit<TableColumnOptions, 'name' | 'type'>
type Column = (name: string, options?: Options) => TableColumnOptions

/** Columns of one migration for both databases, in the words of the one it runs on. Not nullable unless said. */
export interface Columns {
  text: Column
  bytes: Column
  integer: Column
  bigint: Column
  /** `options.default` is a boolean. */
  boolean: Column
}

export function columns(queryRunner: QueryRunner): Columns {
  const postgres = queryRunner.dataSource.options.type === 'postgres'
  const column =
    (type: string): Column =>
    (name, options = {}) => ({ name, type, ...options })
  return {
    text: column('text'),
    bytes: column(postgres ? 'bytea' : 'blob'),
    integer: column('integer'),
    bigint: column('bigint'),
    boolean: (name, options = {}) => ({
      name,
      type: 'boolean',
      ...options,
      ...(options.default === undefined ? {} : { default: booleanLiteral(options.default === true, postgres) }),
    }),
  }
}

function booleanLiteral(value: boolean, postgres: boolean): string {
  return postgres ? String(value) : String(Number(value))
}
