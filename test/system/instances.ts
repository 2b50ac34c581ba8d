import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The instances of every test system. */
const INSTANCES = {
  verifiers: {
    open: { trust: 'anyone', proofOnly: true },
    given: { trust: 'anyone', challenges: 'given' },
    lax: { trust: 'anyone', challenges: 'optional', proofOnly: true },
  },
}

/** Writes an instances file, and returns where it is. */
export function writeInstances(folder: string, instances: object = INSTANCES): string {
  const file = join(folder, 'instances.json')
  writeFileSync(file, JSON.stringify(instances))
  return file
}
