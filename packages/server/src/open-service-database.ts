import type { ServiceConfig } from './config.ts'
import type { Database, DatabaseOptions } from './db/database.ts'
import { databaseName } from './db/database-name.ts'
import { assertRootKey } from './keys/root-key.ts'
import { createSealer, type Sealer } from './keys/sealer.ts'
import { observeDatabase } from './observe/metrics/observe-database.ts'
import type { Start } from './start-service.ts'

/** Opens a service's database for as long as the service runs, with what opens the secrets in it. */
export async function openServiceDatabase(
  open: (options: Pick<DatabaseOptions, 'url' | 'log'>) => Promise<Database>,
  { databaseUrl, rootKey }: Pick<ServiceConfig, 'databaseUrl' | 'rootKey'>,
  { name, logger, observer, resources }: Start,
): Promise<{ database: Database; sealer: Sealer }> {
  const opened = await open({ url: databaseUrl, log: logger })
  resources.defer(() => opened.close())
  const database = observeDatabase(opened, observer.registry)
  const sealer = createSealer(rootKey)
  await assertRootKey(database, sealer, wrongKey(name, databaseUrl))
  return { database, sealer }
}

function wrongKey(service: string, databaseUrl: string): string {
  const own = `CONSULATE_${service.toUpperCase()}_MASTER_KEY`
  return (
    `The root key of the ${service} is not the one that its database ${databaseName(databaseUrl)} was sealed with: ` +
    `give that key in ${own} or, where that is not set, in CONSULATE_MASTER_KEY (or a file of it in either with _FILE), ` +
    `or put it back as keys/${service}.key in the data folder; or use another database.`
  )
}
