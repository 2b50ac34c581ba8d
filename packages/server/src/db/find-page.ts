import {
  type EntityManager,
  type EntitySchema,
  type FindOptionsOrder,
  type FindOptionsWhere,
  MoreThan,
  type ObjectLiteral,
} from 'typeorm'

export interface Page {
  /** Rows after this key, in the order of the key. */
  after: string | undefined
  limit: number
}

/** A page of all rows, by a key that is unique. */
export function findPage<Row extends ObjectLiteral>(
  from: EntityManager,
  entity: EntitySchema<Row>,
  key: keyof Row & string,
  { after, limit }: Page,
): Promise<Row[]> {
  const where = { [key]: MoreThan(after) } as FindOptionsWhere<Row>
  const order = { [key]: 'ASC' } as FindOptionsOrder<Row>
  return from.find(entity, { ...(after !== undefined && { where }), order, take: limit })
}
