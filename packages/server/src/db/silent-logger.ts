import type { Logger } from 'typeorm'

/** Queries carry personal data, and their errors reach whoever asked. */
export const SILENT: Logger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
}
