import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import BetterSqlite3 from 'better-sqlite3'
import { expect } from 'chai'
import type { Database, DatabaseOptions } from './database.ts'
import { CreateNotes1700000000000, Notes } from './notes.test.ts'
import { openDatabase } from './open-database.ts'
import { rejection } from './rejection.test.ts'

describe('SQLite', () => {
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

  it('commits many transactions with one fsync', async () => {
    const before = countCommits(`${path}-wal`)
    await insertAll(200)
    expect(countCommits(`${path}-wal`) - before).to.be.within(2, 4)
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

  it('refuses what a full disk has no room for, reads on, and writes again once there is room', async () => {
    await insert('before')
    const [{ page_count: pages }] = await database.transaction((tx) => tx.query('PRAGMA page_count'))
    const limit = (count: number) => database.transaction((tx) => tx.query(`PRAGMA max_page_count = ${count}`))
    await limit(pages)
    const large = (id: string) => database.transaction((tx) => tx.insert(Notes, { id, body: 'x'.repeat(100_000) }))
    for (const outcome of await Promise.allSettled([large('a'), large('b'), large('c')]))
      expect(outcome).to.have.nested.property('reason.code', 'storage_full')
    expect(await ids()).to.deep.equal(['before'])
    await limit(1_000_000)
    await Promise.all([large('d'), insert('e')])
    expect(await ids()).to.deep.equal(['before', 'd', 'e'])
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

  it('cannot write', async () => {
    const error = await rejection(database.read.insert(Notes, { id: 'a', body: 'x' }))
    expect(error).to.have.property('code', 'SQLITE_READONLY')
  })

  it('makes the folder and the files for this user alone', () => {
    const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)
    expect([join(folder, 'data'), path, `${path}-wal`].map(mode)).to.deep.equal(['700', '600', '600'])
  })

  it('tells of its migrations, and of no query', async () => {
    const messages: string[] = []
    path = join(folder, 'other.sqlite')
    await (await open({ log: { info: (message) => messages.push(message) } })).close()
    expect(messages).to.deep.equal([`${path}: migrated by CreateNotes1700000000000`])
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
