import type { EntitySchemaColumnOptions } from 'typeorm'

/** An integer up to 2^53, which PostgreSQL's driver would hand out as text. */
export const bigint = {
  type: 'bigint',
  transformer: { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : Number(value)) },
} satisfies EntitySchemaColumnOptions
