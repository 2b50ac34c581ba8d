import { issuerMigrations } from '@consulate/issuer'
import type { Migrations } from '@consulate/server'
import { verifierMigrations } from '@consulate/verifier'
import { walletMigrations } from '@consulate/wallet'
import { dataFolder, type Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { databaseUrl } from './database-url.ts'
import { readSecretFiles } from './read-secret-files.ts'

const MIGRATIONS = { issuer: issuerMigrations, wallet: walletMigrations, verifier: verifierMigrations }

/** The migrations of a service's database, wherever that is configured to be. */
export function migrationsOfService(env: Env, service: ServiceName): Migrations {
  return MIGRATIONS[service](databaseUrl(readSecretFiles(env), dataFolder(env), service))
}
