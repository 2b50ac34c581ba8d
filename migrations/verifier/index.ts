import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { OrderIssuerMemory1795526968331 } from './1795526968331-order-issuer-memory.ts'
import { NameAdministrators1795529759856 } from './1795529759856-name-administrators.ts'
import { RememberRequests1795530107809 } from './1795530107809-remember-requests.ts'
import { KeepEquivocations1795582704016 } from './1795582704016-keep-equivocations.ts'
import { NameWhoClears1795703000000 } from './1795703000000-name-who-clears.ts'

export const migrations = [
  FirstTables1795000000000,
  OrderIssuerMemory1795526968331,
  NameAdministrators1795529759856,
  RememberRequests1795530107809,
  KeepEquivocations1795582704016,
  NameWhoClears1795703000000,
]
