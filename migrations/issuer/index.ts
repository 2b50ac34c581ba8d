import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { FindNewestAnchor1795530407561 } from './1795530407561-find-newest-anchor.ts'

export const migrations = [FirstTables1795000000000, FindNewestAnchor1795530407561]
