import { strict as assert } from 'node:assert'
import { resolveDidKey } from '@consulate/core'
import { type CryptosuiteName, verifySecuredPresentation } from '@consulate/core/data-integrity'
import { newSigner } from '../../../test/system/forge.ts'
import { secureCredential, securePresentation, V2 } from '../../../test/system/secure.ts'
import type { Operation } from '../measure.ts'
import { createRole, secondsNow } from './content.ts'
import { createParty } from './party.ts'

/** Prepares verifications of a presentation with one role credential, both with Data Integrity proofs; no status is read. */
export function createSecured(cryptosuite: CryptosuiteName): () => Promise<Operation> {
  const [issuer, holder] = [newSigner(), newSigner()]
  const keys = new Map([issuer, holder].map(({ did }) => [did, resolveDidKey(did)]))
  const ports = {
    now: secondsNow,
    trusts: () => true,
    keys: (did: string) => keys.get(did) ?? assert.fail(did),
    statusList: () => assert.fail('no status is read'),
  }
  return async () => {
    const { iat: _, ...role } = createRole({ ...createParty(), did: issuer.did }, { ...createParty(), did: holder.did })
    const verifiableCredential = [await secureCredential(issuer, cryptosuite, role)]
    const presentation = {
      '@context': [V2],
      type: 'VerifiablePresentation',
      holder: holder.did,
      verifiableCredential,
    }
    const demand = { challenge: role.id, domain: 'https://api.example', status: false }
    const presented = await securePresentation(holder, cryptosuite, presentation, demand)
    return () => verifySecuredPresentation(ports, presented, demand)
  }
}
