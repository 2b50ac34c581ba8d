import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { OrderIssuerMemory1795526968331 } from './1795526968331-order-issuer-memory.ts'
import { NameAdministrators1795529759856 } from './1795529759856-name-administrators.ts'
import { RememberRequests1795530107809 } from './1795530107809-remember-requests.ts'
import { KeepEquivocations1795582704016 } from './1795582704016-keep-equivocations.ts'
import { NameRemovers1795618000000 } from './1795618000000-name-removers.ts'
import { SealStatusTokens1795622400000 } from './1795622400000-seal-status-tokens.ts'

export const migrations = [
  FirstTables1795000000000,
  OrderIssuerMemory1795526968331,
  NameAdministrators1795529759856,
  RememberRequests1795530107809,
  KeepEquivocations1795582704016,
  NameRemovers1795618000000,
  SealStatusTokens1795622400000,
]
