import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import BetterSqlite3 from 'better-sqlite3'
import { expect } from 'chai'
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm'
import type { Database, DatabaseOptions } from './database.ts'
import { openDatabase } from './open-database.ts'
import { rejection } from './rejection.test.ts'
import { schemaDrift } from './schema-drift.ts'

interface Note {
  id: string
  body: string
}

const Notes = new EntitySchema<Note>({
  name: 'note',
  columns: { id: { type: 'text', primary: true }, body: { type: 'text' } },
})

class CreateNotes1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE TABLE note (id text PRIMARY KEY NOT NULL, body text NOT NULL)')
    await queryRunner.query(
      'CREATE TABLE reply (note text NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)',
    )
  }

  async down(): Promise<void> {}
}

describe('database', () => {
  let folder: string
  let path: string
  let database: Database

  const open = (options: Partial<DatabaseOptions> = {}) =>
    openDatabase({ url: `sqlite:${path}`, entities: [Notes], migrations: [CreateNotes1700000000000], ...options })
  const insert = (id: string) => database.transaction((tx) => tx.insert(Notes, { id, body: 'x' }))
  const insertAll = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => insert(String(i))))
  const ids = async () => (await database.read.find(Notes, { order: { id: 'ASC' } })).map(({ id }) => id)

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-db-'))
    path = join(folder, 'data', 'notes.sqlite')
    database = await open()
  })

  afterEach(async () => {
    await database.close().catch(() => {})
    rmSync(folder, { recursive: true })
  })

  describe('writing', () => {
    for (const count of [5, 200]) {
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

    it('commits many transactions with one fsync', async () => {
      const before = countCommits(`${path}-wal`)
      await insertAll(200)
      expect(countCommits(`${path}-wal`) - before).to.be.within(2, 4)
    })

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
      const failing = database.transaction(async (tx) => {
        await tx.insert(Notes, { id: 'failing', body: 'x' })
        await sleep(20)
        throw new Error('late')
      })
      await sleep(5)
      await Promise.allSettled([failing, insert('kept')])
      expect(await ids()).to.deep.equal(['kept'])
    })

    it('answers only when the rows are committed', async () => {
      const observer = new BetterSqlite3(path, { readonly: true })
      const find = observer.prepare('SELECT 1 FROM note WHERE id = ?')
      const seen = await Promise.all(
        Array.from({ length: 50 }, (_, i) => insert(String(i)).then(() => find.get(String(i)) !== undefined)),
      )
      observer.close()
      expect(seen).to.deep.equal(Array(50).fill(true))
    })

    it('fails the whole group when its COMMIT fails, and goes on', async () => {
      const orphan = database.transaction((tx) => tx.query("INSERT INTO reply (note) VALUES ('nobody')"))
      const outcomes = await Promise.allSettled([insert('same group'), orphan])
      expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).to.deep.equal([
        'unavailable',
        'unavailable',
      ])
      await insert('next group')
      expect(await ids()).to.deep.equal(['next group'])
    })

    it('saves nothing piecemeal when SQLite itself rolls the transaction back', async () => {
      const outcomes = await Promise.allSettled([
        insert('first'),
        database.transaction(async (tx) => {
          await tx.query("INSERT OR ROLLBACK INTO note (id, body) VALUES ('first', 'taken')").catch(() => {})
          await tx.insert(Notes, { id: 'outside of any transaction', body: 'x' })
        }),
        insert('last'),
      ])
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'rejected'])
      expect(await ids()).to.deep.equal([])
      await insert('next group')
      expect(await ids()).to.deep.equal(['next group'])
    })

    it('keeps other processes from writing between its reads and its writes', async () => {
      const other = new BetterSqlite3(path, { timeout: 0 })
      await database.transaction(async () => {
        expect(() => other.exec("INSERT INTO note (id, body) VALUES ('other', 'x')")).to.throw(/locked/)
      })
      other.close()
    })

    it('is on disk when answered: synchronous is FULL', async () => {
      const [row] = await database.transaction((tx) => tx.query('PRAGMA synchronous'))
      expect(row).to.deep.equal({ synchronous: 2 })
    })

    it('keeps parameters out of its errors', async () => {
      await insert('a')
      const error = await rejection(database.transaction((tx) => tx.insert(Notes, { id: 'a', body: 'canary-4711' })))
      expect(JSON.stringify(error)).to.include('SQLITE_CONSTRAINT').and.not.include('canary-4711')
    })
  })

  describe('a transaction within a transaction', () => {
    it('joins it, and is rolled back with it', async () => {
      await rejection(
        database.transaction(async () => {
          await Promise.all([insert('inner 1'), insert('inner 2')])
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
      const writing = database.transaction(async (tx) => {
        await tx.insert(Notes, { id: 'a', body: 'x' })
        seen.inside = await ids()
        await sleep(20)
      })
      await sleep(5)
      seen.outside = await ids()
      await writing
      seen.afterwards = await ids()
      expect(seen).to.deep.equal({ inside: ['a'], outside: [], afterwards: ['a'] })
    })

    it('cannot write', async () => {
      const error = await rejection(database.read.insert(Notes, { id: 'a', body: 'x' }))
      expect(error).to.have.property('code', 'SQLITE_READONLY')
    })
  })

  describe('opening', () => {
    it('makes the folder and the files for this user alone', () => {
      const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
      expect([join(folder, 'data'), path, `${path}-wal`].map(mode)).to.deep.equal(['700', '600', '600'])
    })

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

    it('tells of its migrations, and of no query', async () => {
      const messages: string[] = []
      path = join(folder, 'other.sqlite')
      await (await open({ log: { info: (message) => messages.push(message) } })).close()
      expect(messages).to.deep.equal([`${path}: migrated by CreateNotes1700000000000`])
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
      expect(await database.read.query("SELECT name FROM sqlite_master WHERE name = 'half'")).to.deep.equal([])
    })

    const refusals: Record<string, [url: (folder: string) => string, message: RegExp]> = {
      'a path below a file': [
        (dir) => `sqlite:${dir}/file/x.sqlite`,
        /file\/x\.sqlite cannot be opened \(E\w+\): .*choose another path/,
      ],
      'a folder': [(dir) => `sqlite:${dir}/sub`, /sub cannot be opened \(EISDIR\): .*choose another path/],
      'a file that is no database': [
        (dir) => `sqlite:${dir}/file`,
        /file cannot be opened \(SQLITE_NOTADB\): .*restore a backup/,
      ],
      PostgreSQL: [() => 'postgres://user:hunter2@host/db', /^PostgreSQL is not supported yet: use .*sqlite:PATH/],
      'a database in memory': [() => 'sqlite::memory:', /expected sqlite:PATH/],
      'no path': [() => 'sqlite:', /expected sqlite:PATH/],
      'no URL': [() => '/tmp/x.sqlite', /expected sqlite:PATH/],
    }
    for (const [name, [url, message]] of Object.entries(refusals)) {
      it(`refuses ${name}, and says what to do`, async () => {
        mkdirSync(join(folder, 'sub'))
        writeFileSync(join(folder, 'file'), 'a shopping list, not a database. '.repeat(50))
        const error = await rejection(open({ url: url(folder) }))
        expect(error).to.be.instanceOf(DomainError).and.to.have.property('code', 'unavailable')
        expect((error as Error).message)
          .to.match(message)
          .and.not.include('hunter2')
      })
    }
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

/** Commit frames of a write-ahead log (https://www.sqlite.org/fileformat2.html#walformat): those that tell a database size. */
function countCommits(wal: string): number {
  const bytes = readFileSync(wal)
  const frame = 24 + bytes.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frame <= bytes.length; at += frame) {
    if (bytes.readUInt32BE(at + 4) !== 0) commits += 1
  }
  return commits
}
