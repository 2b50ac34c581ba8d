import { randomUUID } from 'node:crypto'
import { decodeBitstring, getBit, MAX_DELTA_INDICES } from '@consulate/core'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { CredentialEntity } from '../adapters/entities.ts'
import type { Store } from '../ports.ts'
import type { IssuedCredential } from '../records.ts'
import { issueRole } from './issue-role.ts'
import { startedIssuer } from './issuer-context.test.ts'
import { pushStatus } from './push-status.ts'
import { revokeRoleOfAll } from './revoke-role-of-all.ts'

const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const ROLE = 'a.role'
const NOW = 1_767_225_600
const LIFETIME = 3_600

describeOnEach('revoking a role of all agents', (kind) => {
  let issuer: Awaited<ReturnType<typeof startedIssuer>>
  let store: Store
  let context: typeof issuer.context
  let now = NOW

  before(async () => {
    issuer = await startedIssuer(kind, () => now, { roles: [ROLE, 'another.role'], maxValiditySeconds: LIFETIME })
    ;({ store, context } = issuer)
  })
  after(() => issuer?.stop())

  const issue = async (role = ROLE) =>
    (await issueRole(context, { agent: AGENT, role, operator: 'ops', by: 'bootstrap' })).credential.id
  const revokeAll = () => revokeRoleOfAll(context, { role: ROLE, reason: 'leaked', by: 'key:1' })

  /** Copies of a credential at places that no other has: more than a reserve of indices holds. */
  async function seed(of: IssuedCredential, places: readonly number[]): Promise<void> {
    for (let from = 0; from < places.length; from += 500) {
      const rows = places.slice(from, from + 500).map((index) => ({
        ...of,
        id: `urn:uuid:${randomUUID()}`,
        revocationIndex: index,
        suspensionIndex: index,
      }))
      await issuer.database.transaction((tx) => tx.insert(CredentialEntity, rows))
    }
  }

  it('touches none that has ended, that is revoked, or that is of another role', async () => {
    const ended = await issue()
    now += LIFETIME + 61
    const [first, other] = [await issue(), await issue('another.role')]
    expect(await revokeAll()).to.include({ role: ROLE, revokedCount: 1 })
    const { head } = await revokeAll()
    const { epoch, version } = (await store.lastHead())!
    expect(head).to.deep.equal({ epoch, version })
    const second = await issue()
    expect(await revokeAll()).to.deep.equal({ role: ROLE, revokedCount: 1, head: { epoch, version: version + 1 } })
    const found = await Promise.all([ended, first, other, second].map((id) => store.findCredential(id)))
    expect(found.map((row) => row!.changedVersion)).to.deep.equal([null, head.version, null, head.version + 1])
    expect(found[3]).to.include({ revokedAt: now, reason: 'leaked', changedBy: 'key:1' })
  })

  it('revokes none when it fails before the end', async () => {
    const id = await issue()
    const identity = {
      ...context.identity,
      assertMaySign() {
        throw new Error('may not')
      },
    }
    const failure = revokeRoleOfAll({ ...context, identity }, { role: ROLE, reason: undefined, by: 'key:1' })
    expect(await failure.catch(String)).to.match(/may not/)
    expect((await store.findCredential(id))!.revokedAt).to.equal(null)
  })

  it('sets as many bits as there are, and pushes no delta that a verifier would not read', async () => {
    const row = (await store.findCredential(await issue()))!
    const issued = await store.credentialsOf(AGENT, { after: undefined, limit: 100 })
    const taken = new Set(issued.flatMap(({ revocationIndex, suspensionIndex }) => [revocationIndex, suspensionIndex]))
    const places = Array.from({ length: 131_072 }, (_, index) => index).filter((index) => !taken.has(index))
    const seeded = places.filter((_place, at) => at % 12 === 0)
    expect(seeded.length).to.be.above(MAX_DELTA_INDICES)
    await seed(row, seeded)
    await pushStatus(context)
    const before = (await store.lastHead())!
    let pushed: { entries: unknown[]; deltas: string[] } | undefined
    const stream = {
      ...context.stream,
      pushed: before,
      push({ heads }: Parameters<typeof context.stream.push>[0]) {
        pushed = heads?.at(-1)
      },
    }
    const { revokedCount, head } = await revokeRoleOfAll(
      { ...context, stream },
      { role: ROLE, reason: undefined, by: 'key:1' },
    )
    expect(revokedCount).to.equal(seeded.length + 2)
    expect(head.version).to.equal(before.version + 1)
    const bits = decodeBitstring((await store.listVersion(row.revocationList))!.encodedList)
    expect([...seeded, row.revocationIndex].every((index) => getBit(bits, index))).to.equal(true)
    expect(places.filter((index) => getBit(bits, index))).to.have.lengthOf(seeded.length)
    await context.pushing.run(async () => undefined)
    expect(pushed!.entries).to.have.lengthOf(1)
    expect(pushed!.deltas).to.deep.equal([])
  })
})
