import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRoleCredential, resolveDidKey } from '@consulate/core'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { forge, newSigner } from '../../../../test/system/forge.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openWalletDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { Store } from '../ports.ts'
import { storeCredential } from './store-credential.ts'

const NOW = 1_767_225_600

describeOnEach('storing a credential', (kind) => {
  let folder: string
  let database: Database
  let store: Store

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-store-'))
    database = await openWalletDatabase({ url: await migratedDatabase(kind, 'wallet', folder) })
    store = createStore(database)
  })

  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('keeps nothing of an agent that is forgotten while its issuer’s keys are looked up', async () => {
    const [issuer, { did }] = [newSigner(), newSigner()]
    await store.addAgent({ did, name: 'bot', tokenHash: 'x', createdAt: NOW, createdBy: 'bootstrap' })
    const token = forge(issuer, 'vc+jwt', credentialOf(issuer.did, did))
    const storeWhile = (meanwhile: () => Promise<unknown>) => {
      const resolveKeys = async (asked: string) => {
        await meanwhile()
        return resolveDidKey(asked)
      }
      return storeCredential(
        { store, clock: { now: () => NOW }, resolver: { resolveKeys } as never },
        { agent: did, token },
      )
    }
    await storeWhile(async () => undefined)
    expect(await store.listCredentials(did)).to.have.lengthOf(1)
    const refusal = await storeWhile(() => store.removeAgent(did, { by: 'bootstrap', at: 0 })).catch((error) => error)
    expect(refusal).to.have.property('code', 'agent_unknown')
    expect(await store.listCredentials(did)).to.deep.equal([])
  })
})

function credentialOf(issuer: string, agent: string) {
  const status = { list: 'https://issuer.example/status-lists/1', index: 1 }
  return buildRoleCredential({
    id: 'urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11',
    issuer,
    agent,
    role: 'payments.approver',
    sensitivity: 'high',
    operator: 'ops@example.com',
    validFrom: NOW,
    validUntil: NOW + 60,
    status: { revocation: status, suspension: { ...status, index: 2 } },
  })
}
