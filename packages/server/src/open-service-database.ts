import type { ServiceConfig } from './config.ts'
import type { Database, DatabaseOptions } from './db/database.ts'
import { assertRootKey } from './keys/root-key.ts'
import { createSealer, type Sealer } from './keys/sealer.ts'
import { observeDatabase } from './observe/metrics/observe-database.ts'
import type { Start } from './start-service.ts'

/** Opens a service's database for as long as the service runs, with what opens the secrets in it. */
export async function openServiceDatabase(
  open: (options: Pick<DatabaseOptions, 'url' | 'log'>) => Promise<Database>,
  { databaseUrl, rootKey }: Pick<ServiceConfig, 'databaseUrl' | 'rootKey'>,
  { logger, observer, resources }: Start,
): Promise<{ database: Database; sealer: Sealer }> {
  const opened = await open({ url: databaseUrl, log: logger })
  resources.defer(() => opened.close())
  const database = observeDatabase(opened, observer.registry)
  const sealer = createSealer(rootKey)
  await assertRootKey(database, sealer)
  return { database, sealer }
}
