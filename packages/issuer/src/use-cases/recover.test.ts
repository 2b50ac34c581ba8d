import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeBitstring, getBit, type Hex, hashHead } from '@consulate/core'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { DATABASES, describeOnEach } from '../../../../test/system/databases.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { Chain, ChainState, Standing, Store } from '../ports.ts'
import { compareWithChain } from './compare-with-chain.ts'
import { guardIdentity } from './guard-identity.ts'
import { issueRole } from './issue-role.ts'
import { issuerContext, unsignedIdentity } from './issuer-context.test.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { recover } from './recover.ts'
import { revokeRole } from './revoke-role.ts'
import { takeIndices } from './take-indices.ts'

const NO_HASH: Hex = `0x${'00'.repeat(32)}`
const GRANT = { agent: 'did:web:agent.example', role: 'payments.approver', operator: 'ops@example.com', by: 'somebody' }

describeOnEach('an issuer that is behind its chain', (kind) => {
  let folder: string
  let database: Database
  let store: Store
  let onChain: ChainState

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-recover-'))
  })
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(async () => {
    database = await openIssuerDatabase({ url: await DATABASES[kind](folder, randomUUID()) })
    store = createStore(database)
    onChain = { epoch: 0, version: 0, headHash: NO_HASH }
    const ctx = instance()
    await ensureOpenLists(ctx)
    await publishHeads(ctx)
    const role = { role: GRANT.role, description: 'a role', maxValiditySeconds: 3600, changedBy: null }
    await store.transaction((tx) => tx.putRole({ ...role, sensitivity: 'high', claimsSchema: null }))
  })
  afterEach(() => database.close())

  function instance() {
    const standing: Standing = { behind: undefined, epoch: 0 }
    const now = () => Math.floor(Date.now() / 1000)
    const chain = { anchored: async () => onChain } as Chain
    return { ...issuerContext(store, now, guardIdentity(unsignedIdentity, standing)), standing, chain }
  }

  async function isBehind(state: Partial<ChainState>): Promise<boolean> {
    onChain = { ...onChain, ...state }
    const ctx = instance()
    await compareWithChain(ctx)
    return ctx.standing.behind !== undefined
  }

  it('is one whose database lacks a head or an epoch that the chain has, or has another one', async () => {
    const head = (await store.lastHead())!
    expect(await isBehind({})).to.equal(false)
    expect(await isBehind({ version: head.version, headHash: hashHead(head) })).to.equal(false)
    expect(await isBehind({ version: head.version, headHash: `0x${'ab'.repeat(32)}` })).to.equal(true)
    expect(await isBehind({ version: head.version + 1, headHash: hashHead(head) })).to.equal(true)
    expect(await isBehind({ version: 2 ** 64 })).to.equal(true)
    expect(await isBehind({ epoch: 1, version: 0, headHash: NO_HASH })).to.equal(true)
  })

  it('signs and gives out nothing, and goes on by itself when the chain was wrong', async () => {
    const ctx = instance()
    const granted = await issueRole(ctx, GRANT)
    onChain = { ...onChain, version: 9 }
    await compareWithChain(ctx)
    const attempts = {
      role: () => issueRole(ctx, GRANT),
      indices: () => takeIndices(ctx),
      revocation: () => revokeRole(ctx, { agent: GRANT.agent, role: GRANT.role, reason: undefined, by: 'somebody' }),
      head: () => ctx.newestHead(),
    }
    for (const [what, attempt] of Object.entries(attempts))
      expect(await codeOf(attempt()), what).to.equal('issuer_behind')
    expect((await store.findCredential(granted.credential.id))?.revokedAt).to.equal(null)
    expect(ctx.reserve.size).to.equal(0)
    onChain = { ...onChain, version: 0 }
    await compareWithChain(ctx)
    for (const [what, attempt] of Object.entries(attempts)) expect(await codeOf(attempt()), what).to.equal('done')
  })

  it('begins the epoch after the newest of both, with a head that follows no other', async () => {
    const ctx = instance()
    onChain = { epoch: 4, version: 7, headHash: NO_HASH }
    await compareWithChain(ctx)
    expect(await recover(ctx, 'somebody')).to.deep.include({ epoch: 5, head: { epoch: 5, version: 1 } })
    expect((await ctx.newestHead()).head).to.include({ epoch: 5, version: 1, prev: NO_HASH })
    expect((await recover(ctx, 'somebody')).epoch).to.equal(6)
  })

  it('never signs what was written before and not signed then', async () => {
    const ctx = instance()
    await ctx.store.transaction(async (tx) => {
      const last = (await tx.lastHead())!
      await tx.addHead({ ...last, version: last.version + 1 })
    })
    await recover(ctx, 'somebody')
    expect(await store.unsignedHeads(10)).to.deep.equal([])
    expect(await store.lastSignedHead()).to.include({ epoch: 1, version: 1 })
    expect(await store.headAt({ epoch: 0, version: 2 })).to.equal(undefined)
  })

  it('gives out no index of a list from before, by whichever instance, and revokes those that it does not know', async () => {
    const ctx = instance()
    const granted = await issueRole(ctx, GRANT)
    const known = (await store.findCredential(granted.credential.id))!
    const other = instance()
    await compareWithChain(other)
    await takeIndices(other)
    await recover(ctx, 'somebody')
    await compareWithChain(other)
    for (const one of [ctx, other, instance()]) {
      const taken = await takeIndices(one)
      expect(taken.revocation.list).to.not.equal(known.revocationList)
      expect(taken.suspension.list).to.not.equal(known.suspensionList)
    }
    const bits = decodeBitstring((await store.listVersion(known.revocationList))!.encodedList)
    const clear = Array.from({ length: bits.length * 8 }, (_, index) => index).filter((index) => !getBit(bits, index))
    expect(clear).to.deep.equal([known.revocationIndex])
    const suspended = decodeBitstring((await store.listVersion(known.suspensionList))!.encodedList)
    expect(suspended.every((byte) => byte === 0)).to.equal(true)
  })

  async function codeOf(attempt: Promise<unknown>): Promise<string> {
    return attempt.then(
      () => 'done',
      (error) => error.code,
    )
  }
})
