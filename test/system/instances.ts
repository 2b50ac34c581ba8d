import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The instances of every test system. */
const INSTANCES = {
  issuers: {
    rdfc: { did: 'key', securing: 'eddsa-rdfc-2022' },
    jcs: { did: 'key', securing: 'eddsa-jcs-2022' },
    jose: { did: 'key', securing: 'vc+jwt' },
    ethr: { did: 'ethr', securing: 'eddsa-jcs-2022' },
    open: { did: 'did:web:issuer.example:open', securing: 'eddsa-jcs-2022', foreignIssuers: true },
    bare: { did: 'key', securing: 'eddsa-jcs-2022', status: [] },
  },
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
