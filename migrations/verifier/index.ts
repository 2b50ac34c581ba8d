import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { OrderIssuerMemory1795526968331 } from './1795526968331-order-issuer-memory.ts'
import { RememberRequests1795530107809 } from './1795530107809-remember-requests.ts'

export const migrations = [FirstTables1795000000000, OrderIssuerMemory1795526968331, RememberRequests1795530107809]
