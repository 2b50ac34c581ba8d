import { DataSource } from 'typeorm'

/** Runs a service's migrations as a start does, and dies by SIGKILL where it would send its n-th statement. */
const [service, url, statement] = process.argv.slice(2)
const { migrations } = await import(`@consulate/migrations/${service}`)
let left = Number(statement)
const nothing = () => undefined
const source = new DataSource({
  ...(url!.startsWith('sqlite:')
    ? { type: 'better-sqlite3', database: url!.slice('sqlite:'.length) }
    : { type: 'postgres', url: url! }),
  migrations,
  logging: true,
  logger: {
    logQuery() {
      left -= 1
      if (left === 0) process.kill(process.pid, 'SIGKILL')
    },
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  },
})
await source.initialize()
await source.runMigrations({ transaction: 'each' })
await source.destroy()
