import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import type { QueryRunner } from 'typeorm'
import { DATABASES } from '../../../../test/system/databases.ts'
import type { Database, DatabaseOptions } from './database.ts'
import { CreateNotes1700000000000, Notes } from './notes.test.ts'
import { openDatabase } from './open-database.ts'
import { rejection } from './rejection.test.ts'
import { schemaDrift } from './schema-drift.ts'
import { isUniqueViolation } from './unique-violation.ts'

for (const [kind, newDatabase] of Object.entries(DATABASES))
  describe(`database on ${kind}`, () => {
    let folder: string
    let url: string
    let database: Database

    const open = (options: Partial<DatabaseOptions> = {}) =>
      openDatabase({ url, entities: [Notes], migrations: [CreateNotes1700000000000], ...options })
    const insert = (id: string) => database.transaction((tx) => tx.insert(Notes, { id, body: 'x' }))
    const insertAll = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => insert(String(i))))
    const ids = async () => (await database.read.find(Notes, { order: { id: 'ASC' } })).map(({ id }) => id)

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'consulate-db-'))
      url = await newDatabase(folder, 'notes')
      database = await open()
    })

    afterEach(async () => {
      await database.close().catch(() => {})
      rmSync(folder, { recursive: true })
    })

    describe('writing', () => {
      for (const count of [5, 100]) {
        it(`commits ${count} concurrent transactions and loses none`, async () => {
          await Promise.all(
            Array.from({ length: count }, (_, i) =>
              database.transaction(async (tx) => {
                await tx.insert(Notes, { id: `a${i}`, body: 'x' })
                if (i % 50 === 0) await sleep(1)
                await tx.save(Notes, { id: `b${i}`, body: 'x' })
              }),
            ),
          )
          expect(await ids()).to.have.length(2 * count)
        })
      }

      it('rolls a failing transaction back alone', async () => {
        const outcomes = await Promise.allSettled([
          insert('before'),
          database.transaction(async (tx) => {
            await tx.insert(Notes, { id: 'failing', body: 'x' })
            throw new DomainError('not_found', 'nothing here')
          }),
          database.transaction((tx) => tx.insert(Notes, { id: 'before', body: 'taken' })),
          insert('after'),
        ])
        expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
        expect(outcomes[1]).to.have.nested.property('reason.code', 'not_found')
        expect(await ids()).to.deep.equal(['after', 'before'])
      })

      it("keeps an unrelated write made during another's rollback", async () => {
        const [begun, unrelated] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
        const failing = database.transaction(async (tx) => {
          await tx.insert(Notes, { id: 'failing', body: 'x' })
          begun.resolve()
          await unrelated.promise
          throw new Error('late')
        })
        await begun.promise
        const kept = insert('kept')
        unrelated.resolve()
        await Promise.allSettled([failing, kept])
        expect(await ids()).to.deep.equal(['kept'])
      })

      it('answers only when the rows are committed', async () => {
        const observer = await open()
        const seen = await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            insert(String(i)).then(() => observer.read.existsBy(Notes, { id: String(i) })),
          ),
        )
        await observer.close()
        expect(seen).to.deep.equal(Array(50).fill(true))
      })

      it('keeps parameters out of its errors', async () => {
        await insert('a')
        const error = await rejection(database.transaction((tx) => tx.insert(Notes, { id: 'a', body: 'canary-4711' })))
        expect(isUniqueViolation(error)).to.equal(true)
        expect(JSON.stringify(error)).not.to.include('canary-4711')
      })
    })

    describe('a transaction within a transaction', () => {
      it('joins it, and is rolled back with it', async () => {
        await rejection(
          database.transaction(async () => {
            await insert('inner 1')
            await insert('inner 2')
            throw new Error('outer')
          }),
        )
        expect(await ids()).to.deep.equal([])
      })

      it('undoes the outer one when it fails, even if that is caught', async () => {
        const error = await rejection(
          database.transaction(async (tx) => {
            await tx.insert(Notes, { id: 'outer', body: 'x' })
            await database.transaction(() => Promise.reject(new Error('inner'))).catch(() => {})
          }),
        )
        expect(error).to.have.property('message', 'inner')
        expect(await ids()).to.deep.equal([])
      })

      it('stands alone when the outer one has ended', async () => {
        let late: Promise<unknown> = Promise.resolve()
        await database.transaction(async () => {
          late = sleep(5).then(() => insert('late'))
        })
        const failing = database.transaction(async () => {
          await sleep(20)
          throw new Error('another')
        })
        await Promise.allSettled([failing, late])
        expect(await ids()).to.deep.equal(['late'])
      })
    })

    describe('reading', () => {
      it('sees no uncommitted row from outside, and its own from inside', async () => {
        const seen: Record<string, string[]> = {}
        const written = Promise.withResolvers<void>()
        const readOutside = Promise.withResolvers<void>()
        const writing = database.transaction(async (tx) => {
          await tx.insert(Notes, { id: 'a', body: 'x' })
          seen.inside = await ids()
          written.resolve()
          await readOutside.promise
        })
        await written.promise
        seen.outside = await ids()
        readOutside.resolve()
        await writing
        seen.afterwards = await ids()
        expect(seen).to.deep.equal({ inside: ['a'], outside: [], afterwards: ['a'] })
      })
    })

    describe('opening', () => {
      it('finds every row again, and does not migrate twice', async () => {
        await insertAll(150)
        await database.close()
        database = await open()
        expect(await ids()).to.have.length(150)
      })

      it('has a migrated schema equal to the entities, and notices when not', async () => {
        expect(await schemaDrift(database)).to.deep.equal([])
        await database.transaction((tx) => tx.query('ALTER TABLE note ADD COLUMN extra text'))
        expect(await schemaDrift(database)).to.not.deep.equal([])
      })

      it('keeps nothing of a migration that fails', async () => {
        class Failing1800000000000 extends CreateNotes1700000000000 {
          override async up(queryRunner: QueryRunner): Promise<void> {
            await queryRunner.query('CREATE TABLE half (id text)')
            throw new Error('no further')
          }
        }
        const error = await rejection(open({ migrations: [CreateNotes1700000000000, Failing1800000000000] }))
        expect(error).to.include({ code: 'unavailable', reason: 'no further' })
        expect(await database.read.dataSource.createQueryRunner().hasTable('half')).to.equal(false)
      })
    })

    describe('closing', () => {
      it('finishes what waits and refuses what comes after', async () => {
        const waiting = insertAll(300)
        const closing = database.close()
        const late = await rejection(insert('late'))
        await Promise.all([waiting, closing])
        expect(late).to.have.property('code', 'unavailable')
        database = await open()
        expect(await ids()).to.have.length(300)
      })
    })
  })
