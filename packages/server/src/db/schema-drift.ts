import type { Database } from './database.ts'

/** The statements that would bring the migrated schema to what the entities say: none, when the two agree. */
export async function schemaDrift(database: Database): Promise<string[]> {
  const { upQueries } = await database.read.dataSource.driver.createSchemaBuilder().log()
  return upQueries.map(({ query }) => query)
}
