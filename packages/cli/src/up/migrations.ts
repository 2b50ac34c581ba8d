import { issuerMigrations } from '@consulate/issuer'
import type { Migrations } from '@consulate/server'
import { verifierMigrations } from '@consulate/verifier'
import { walletMigrations } from '@consulate/wallet'
import { dataFolder, type Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { claimService } from './claim.ts'
import { databaseUrl } from './database-url.ts'
import { readSecretFiles } from './read-secret-files.ts'

const MIGRATIONS = { issuer: issuerMigrations, wallet: walletMigrations, verifier: verifierMigrations }

/** The migrations of a service's database, wherever that is configured to be. None is taken back of a file in use. */
export function migrationsOfService(env: Env, service: ServiceName): Migrations {
  const folder = dataFolder(env)
  const url = databaseUrl(readSecretFiles(env), folder, service)
  const migrations = MIGRATIONS[service](url)
  if (!url.startsWith('sqlite:')) return migrations
  return {
    ...migrations,
    async down(version) {
      const claimed = claimService(folder, service)
      try {
        return await migrations.down(version)
      } finally {
        claimed.release()
      }
    },
  }
}
