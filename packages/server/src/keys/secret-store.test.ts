import { expect } from 'chai'
import { describeWithKeys } from './key-database.test.ts'
import { createSecretStore } from './secret-store.ts'

describeWithKeys('secret store', (keys) => {
  const different = (secrets: Buffer[]) => new Set(secrets.map((secret) => secret.toString('hex'))).size

  it('gives all callers the secret of the first, also after a restart', async () => {
    const store = createSecretStore(keys.database, keys.sealer)
    const secrets = await Promise.all(Array.from({ length: 20 }, () => store.getOrCreate('mac', 'a')))
    await keys.reopen()
    secrets.push(await createSecretStore(keys.database, keys.sealer).getOrCreate('mac', 'a'))
    expect(different(secrets)).to.equal(1)
    expect(secrets[0]).to.have.length(32)
  })

  it('has another secret for every kind and id', async () => {
    const store = createSecretStore(keys.database, keys.sealer)
    const secrets = [
      await store.getOrCreate('mac', 'a'),
      await store.getOrCreate('mac', 'b'),
      await store.getOrCreate('permutation', 'a'),
    ]
    expect(different(secrets)).to.equal(3)
  })
})
