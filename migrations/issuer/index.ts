import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'

export const migrations = [FirstTables1795000000000]
