import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { NameAdministrators1795529759789 } from './1795529759789-name-administrators.ts'
import { RememberRequests1795530107735 } from './1795530107735-remember-requests.ts'
import { RotateAgents1795579789074 } from './1795579789074-rotate-agents.ts'
import { KeepPresentations1795614829807 } from './1795614829807-keep-presentations.ts'
import { NameRemovers1795618000001 } from './1795618000001-name-removers.ts'

export const migrations = [
  FirstTables1795000000000,
  NameAdministrators1795529759789,
  RememberRequests1795530107735,
  RotateAgents1795579789074,
  KeepPresentations1795614829807,
  NameRemovers1795618000001,
]
