import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { createDatabase } from '../../../../test/system/postgres.ts'
import type { Database } from '../db/database.ts'
import { CreateNotes1700000000000, Notes } from '../db/notes.test.ts'
import { openDatabase } from '../db/open-database.ts'
import { rejection } from '../db/rejection.test.ts'
import { IdempotencyKeyEntity } from './entity.ts'
import { forgetKeys } from './forget-keys.ts'
import { type KeyedRequest, onBehalfOf } from './keyed-request.ts'

class CreateKeys1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE idempotency_key (scope text NOT NULL, key text NOT NULL, fingerprint text NOT NULL, outcome text NOT NULL, created_at bigint NOT NULL, PRIMARY KEY (scope, key))',
    )
  }

  async down(): Promise<void> {}
}

const REQUEST: KeyedRequest = { scope: 'somebody, somewhere', key: 'key', fingerprint: 'f', receivedAt: 1_000 }

describeOnEach('a transaction that is done once', (kind) => {
  let folder: string
  let url: string
  let databases: Database[]
  let database: Database
  let runs: number

  const open = () =>
    openDatabase({
      url,
      entities: [Notes, IdempotencyKeyEntity],
      migrations: [CreateNotes1700000000000, CreateKeys1700000000001],
    })

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-once-'))
    url = kind === 'SQLite' ? `sqlite:${join(folder, 'once.sqlite')}` : await createDatabase()
    database = await open()
    // SQLite belongs to one process; of PostgreSQL there are two instances.
    databases = kind === 'SQLite' ? [database] : [database, await open()]
    runs = 0
  })

  afterEach(async () => {
    await Promise.all(databases.map((each) => each.close()))
    rmSync(folder, { recursive: true })
  })

  const write = async (tx: EntityManager) => {
    const id = `note ${runs++}`
    await tx.insert(Notes, { id, body: 'x' })
    return { id }
  }
  const ask = (request: Partial<KeyedRequest> = {}, of = database, work = write) =>
    onBehalfOf({ ...REQUEST, ...request }, () => of.once(work))
  const ids = async () => (await database.read.find(Notes, { order: { id: 'ASC' } })).map(({ id }) => id)

  it('gives who repeats it what came of it, and does nothing more', async () => {
    const first = await ask()
    const again = await ask()
    expect(first).to.deep.equal({ value: { id: 'note 0' }, replayed: false })
    expect(again).to.deep.equal({ value: { id: 'note 0' }, replayed: true })
    expect(await ids()).to.deep.equal(['note 0'])
  })

  it('is done by one of fifty who ask at once, on whatever instance', async () => {
    const asked = Array.from({ length: 50 }, (_, i) => ask({}, databases[i % databases.length]))
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter(({ replayed }) => !replayed)).to.have.lengthOf(1)
    expect(new Set(outcomes.map(({ value }) => value.id)).size).to.equal(1)
    expect(await ids()).to.have.lengthOf(1)
  })

  it('gives its outcome also to those whom it is in the way of', async () => {
    const take = async (tx: EntityManager) => {
      await tx.insert(Notes, { id: 'taken once', body: 'x' })
      return { id: 'taken once' }
    }
    const asked = Array.from({ length: 20 }, (_, i) => ask({}, databases[i % databases.length], take))
    expect((await Promise.all(asked)).filter(({ replayed }) => !replayed)).to.have.lengthOf(1)
    expect(await rejection(ask({ key: 'another' }, database, take))).to.be.an('error')
  })

  it('is refused when the key comes with another request, and done when another caller has the same key', async () => {
    await ask()
    expect(await rejection(ask({ fingerprint: 'another' }))).to.have.property('code', 'idempotency_key_reused')
    expect(await ids()).to.deep.equal(['note 0'])
    expect(await ask({ scope: 'another' })).to.have.property('replayed', false)
    expect(await ask({ key: 'another' })).to.have.property('replayed', false)
    expect(await ids()).to.have.lengthOf(3)
  })

  it('leaves nothing behind when it fails, and can be tried again', async () => {
    const failing = async (tx: EntityManager) => {
      await write(tx)
      throw new DomainError('not_found', 'nothing here')
    }
    expect(await rejection(ask({}, database, failing))).to.have.property('code', 'not_found')
    expect(await database.read.find(IdempotencyKeyEntity)).to.deep.equal([])
    expect(await ask({ fingerprint: 'another' })).to.deep.equal({ value: { id: 'note 1' }, replayed: false })
    expect(await ids()).to.deep.equal(['note 1'])
  })

  it('stands and falls with the transaction that it is part of', async () => {
    const outer = database.transaction(async () => {
      await ask()
      throw new Error('outer')
    })
    expect(await rejection(outer)).to.have.property('message', 'outer')
    expect(await ask()).to.have.property('replayed', false)
  })

  it('is prepared for only when there is something to do', async () => {
    let prepared = 0
    const prepare = async () => ++prepared
    const work = async (_tx: EntityManager, count: number) => count
    const outcomes = [1, 2, 3].map(() => onBehalfOf(REQUEST, () => database.once(work, prepare)))
    await Promise.all(outcomes)
    const before = prepared
    expect((await onBehalfOf(REQUEST, () => database.once(work, prepare))).replayed).to.equal(true)
    expect(prepared).to.equal(before)
  })

  it('answers the first as it will answer the others', async () => {
    const work = async () => ({ left: undefined, at: new Date(0) }) as object
    const first = await ask({}, database, work as never)
    expect(first.value).to.deep.equal({ at: '1970-01-01T00:00:00.000Z' })
    expect((await ask()).value).to.deep.equal(first.value)
  })

  it('covers one transaction of a request: a second is a mistake', async () => {
    const twice = onBehalfOf(REQUEST, async () => {
      await database.once(write)
      await database.once(write)
    })
    expect(await rejection(twice))
      .to.have.property('message')
      .that.includes('its second')
  })

  it('is any transaction when the request has no key, and keeps nothing', async () => {
    expect(await database.once(write)).to.deep.equal({ value: { id: 'note 0' }, replayed: false })
    expect(await database.once(write)).to.deep.equal({ value: { id: 'note 1' }, replayed: false })
    await database.transaction((tx) => tx.query('DROP TABLE idempotency_key'))
    await database.once(write)
    expect(await ids()).to.have.lengthOf(3)
  })

  it('is forgotten when it is old, however many there are', async () => {
    const old = Array.from({ length: 1_200 }, (_, i) => ({ ...REQUEST, key: `old ${i}`, outcome: '1', createdAt: i }))
    const rows = old.map(({ receivedAt: _, ...row }) => row)
    await database.transaction((tx) => tx.insert(IdempotencyKeyEntity, rows))
    await ask({ receivedAt: 1_200 })
    await Promise.all(databases.map((each) => forgetKeys(each, 1_200)))
    expect((await database.read.find(IdempotencyKeyEntity)).map(({ key }) => key)).to.deep.equal(['key'])
    expect(await ask()).to.have.property('replayed', true)
  })
})
