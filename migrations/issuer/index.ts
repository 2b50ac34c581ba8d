import { FirstTables1795000000000 } from './1795000000000-first-tables.ts'
import { NameAdministrators1795529759723 } from './1795529759723-name-administrators.ts'
import { RememberRequests1795530107652 } from './1795530107652-remember-requests.ts'
import { FindNewestAnchor1795530407561 } from './1795530407561-find-newest-anchor.ts'
import { FindUnsigned1795548916899 } from './1795548916899-find-unsigned.ts'
import { FindPastHeads1795596033419 } from './1795596033419-find-past-heads.ts'
import { ServeInstances1795598063759 } from './1795598063759-serve-instances.ts'
import { KeepInstanceLists1795614411447 } from './1795614411447-keep-instance-lists.ts'

export const migrations = [
  FirstTables1795000000000,
  NameAdministrators1795529759723,
  RememberRequests1795530107652,
  FindNewestAnchor1795530407561,
  FindUnsigned1795548916899,
  FindPastHeads1795596033419,
  ServeInstances1795598063759,
  KeepInstanceLists1795614411447,
]
