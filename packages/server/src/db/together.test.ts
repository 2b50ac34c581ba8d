import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import type { EntityManager } from 'typeorm'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { createDatabase } from '../../../../test/system/postgres.ts'
import { lockName } from './across-instances.ts'
import type { Database } from './database.ts'
import { CreateNotes1700000000000, Notes } from './notes.test.ts'
import { openDatabase } from './open-database.ts'

interface Page {
  number: number
  parts: string[]
}

const open = (url: string) => openDatabase({ url, entities: [Notes], migrations: [CreateNotes1700000000000] })

describeOnEach('transactions that are made one', (kind) => {
  let folder: string
  let databases: Database[]
  let pages: ((id: string, work?: (tx: EntityManager, page: Page) => Promise<unknown>) => Promise<number>)[]
  let refuseToEnd: Error | undefined

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-together-'))
    const url = kind === 'SQLite' ? `sqlite:${join(folder, 'notes.sqlite')}` : await createDatabase()
    // SQLite belongs to one process; of PostgreSQL there are two instances.
    databases = kind === 'SQLite' ? [await open(url)] : [await open(url), await open(url)]
    pages = databases.map(writeOnPages)
    refuseToEnd = undefined
  })

  afterEach(async () => {
    await Promise.all(databases.map((database) => database.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  /** Each group writes one page, numbered without a gap, which names all that was written on it. */
  function writeOnPages(database: Database) {
    const together = database.together<Page>({
      async begin(tx) {
        await lockName(tx, 'pages')
        const rows = await tx.sql<{ id: string }[]>`SELECT id FROM note WHERE id LIKE 'page %'`
        return { number: rows.length + 1, parts: [] }
      },
      async end(tx, { number, parts }) {
        if (refuseToEnd) throw refuseToEnd
        if (parts.length > 0) await tx.insert(Notes, { id: `page ${number}`, body: parts.join() })
      },
    })
    return async (id: string, work?: (tx: EntityManager, page: Page) => Promise<unknown>) => {
      const { value } = await together(async (tx, page) => {
        page.parts.push(id)
        await tx.insert(Notes, { id, body: String(page.number) })
        await work?.(tx, page)
        return page.number
      })
      return value
    }
  }

  const bodies = async () => new Map((await databases[0]!.read.find(Notes)).map(({ id, body }) => [id, body] as const))
  const write = (at: number, ...rest: Parameters<(typeof pages)[0]>) => pages[at % pages.length]!(...rest)

  it('puts what arrives together on few pages, each once and on the page that it was told', async () => {
    const numbers = await Promise.all(Array.from({ length: 300 }, (_, at) => write(at, `n${at}`)))
    const written = await bodies()
    const count = written.size - 300
    expect(count).to.be.within(3, 60)
    const listed = Array.from({ length: count }, (_, at) => written.get(`page ${at + 1}`)!.split(','))
    expect(listed.flat()).to.have.members(Array.from({ length: 300 }, (_, at) => `n${at}`))
    for (const [at, number] of numbers.entries()) expect(listed[number - 1]).to.include(`n${at}`)
  })

  it('undoes one that fails alone: what it wrote, and what it added for the others', async () => {
    const failing = (at: number) =>
      write(at, `bad ${at}`, async (tx) => {
        await tx.insert(Notes, { id: `left by ${at}`, body: 'x' })
        if (at % 2) throw new DomainError('not_found', 'nothing here')
        await tx.query('SELECT * FROM no_such_table')
      })
    const outcomes = await Promise.allSettled([
      write(0, 'first'),
      failing(2),
      write(2, 'second'),
      failing(3),
      write(4, 'third'),
    ])
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    const written = await bodies()
    const onPages = [...written].filter(([id]) => id.startsWith('page ')).flatMap(([, body]) => body.split(','))
    expect(onPages).to.have.members(['first', 'second', 'third'])
    expect([...written.keys()].filter((id) => !id.startsWith('page '))).to.have.members(['first', 'second', 'third'])
  })

  it('undoes all of them when their end fails, tells each, and goes on with the next', async () => {
    refuseToEnd = new DomainError('issuer_behind', 'not now')
    const outcomes = await Promise.allSettled([write(0, 'one'), write(0, 'two')])
    for (const outcome of outcomes) expect(outcome).to.have.property('reason', refuseToEnd)
    expect(await bodies()).to.have.property('size', 0)
    refuseToEnd = undefined
    expect(await write(0, 'three')).to.equal(1)
  })

  if (kind === 'PostgreSQL')
    it('runs a group again, nobody of it twice, that a deadlock broke off', async () => {
      const [one] = databases
      await one!.transaction((tx) =>
        tx.insert(
          Notes,
          ['a', 'b'].map((id) => ({ id, body: '0' })),
        ),
      )
      const touch = (tx: EntityManager, id: string) => tx.sql`UPDATE note SET body = body || ${id} WHERE id = ${id}`
      const crossing = databases[1]!.transaction(async (tx) => {
        await touch(tx, 'b')
        await sleep(100)
        await touch(tx, 'a')
      })
      const grouped = [
        write(0, 'calm'),
        write(0, 'crossed', async (tx) => {
          await touch(tx, 'a')
          await sleep(100)
          await touch(tx, 'b')
        }),
      ]
      await Promise.all([crossing, ...grouped])
      const written = await bodies()
      expect([written.get('a'), written.get('b')]).to.deep.equal(['0aa', '0bb'])
      expect([...written.keys()]).to.include.members(['calm', 'crossed'])
    })

  it('refuses to be part of another transaction, which would wait for itself', async () => {
    const nested = databases[0]!.transaction(() => write(0, 'nested'))
    expect(await nested.catch(String)).to.match(/not part of another/)
  })
})
