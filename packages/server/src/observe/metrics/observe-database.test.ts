import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Registry } from 'prom-client'
import { createDatabase } from '../../../../../test/system/postgres.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { observeDatabase } from './observe-database.ts'

describe('an observed database', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-observed-'))
  })
  let plain: Database
  let registry: Registry
  let database: Database

  before(async () => {
    plain = await openDatabase({ url: `sqlite:${join(folder, 'observed.sqlite')}`, entities: [], migrations: [] })
    registry = new Registry()
    database = observeDatabase(plain, registry)
    await database.transaction((tx) => tx.query('CREATE TABLE note (id text)'))
  })
  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  const sample = async (name: string) => {
    const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.split(' ')[1])
  }
  const counted = (outcome: string) => sample(`consulate_database_transaction_seconds_count{outcome="${outcome}"}`)

  it('counts a transaction with those inside it once, and an undone one as such', async () => {
    const before = (await counted('committed'))!
    await database.transaction(async (tx) => {
      await tx.query("INSERT INTO note VALUES ('outer')")
      await database.transaction((inner) => inner.query("INSERT INTO note VALUES ('inner')"))
      expect(await database.read.query('SELECT id FROM note'), 'reads its own').to.have.lengthOf(2)
    })
    const refused = database.transaction(async () => {
      throw new Error('undone')
    })
    expect(await refused.catch((error) => error.message)).to.equal('undone')
    expect(await counted('committed')).to.equal(before + 1)
    expect(await counted('undone')).to.equal(1)
  })

  it('counts what is done once for each idempotency key', async () => {
    const before = (await counted('committed'))!
    await database.once((tx) => tx.query("INSERT INTO note VALUES ('once')"))
    expect(await counted('committed')).to.equal(before + 1)
  })

  it('tells how many wait or are under way', async () => {
    let inside: number | undefined
    const first = database.transaction(async () => {
      inside = await sample('consulate_database_transactions_pending')
    })
    await Promise.all([first, database.transaction(async () => undefined), database.transaction(async () => undefined)])
    expect(inside).to.equal(3)
    expect(await sample('consulate_database_transactions_pending')).to.equal(0)
  })

  it('tells of the connections of a pool', async () => {
    expect(await registry.metrics()).to.not.include('pool')
    const pooled = new Registry()
    const url = await createDatabase()
    const postgres = observeDatabase(await openDatabase({ url, entities: [], migrations: [] }), pooled)
    const states = async () =>
      [...(await pooled.metrics()).matchAll(/^consulate_database_pool_connections\{state="(\w+)"\} (\d+)$/gm)].map(
        ([, state, count]) => `${state} ${count}`,
      )
    await postgres.transaction(async () => expect((await states())[1]).to.equal('used 1'))
    expect(await states()).to.include.members(['used 0', 'waited_for 0'])
    await postgres.close()
  })
})
