import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { createDatabase, type PostgresServer, startPostgres } from '../../../../test/system/postgres.ts'
import { until } from '../../../../test/system/start-system.ts'
import { lockName, notify } from './across-instances.ts'
import type { Database } from './database.ts'
import { CreateNotes1700000000000, Notes } from './notes.test.ts'
import { openDatabase } from './open-database.ts'
import { rejection } from './rejection.test.ts'

const open = (url: string) => openDatabase({ url, entities: [Notes], migrations: [CreateNotes1700000000000] })

describe('PostgreSQL', () => {
  let one: Database
  let other: Database
  let url: string

  beforeEach(async () => {
    url = await createDatabase()
    ;[one, other] = await Promise.all([open(url), open(url)])
  })
  afterEach(() => Promise.all([one.close(), other.close()]))

  const count = () => one.read.countBy(Notes, {})

  it('is migrated once, however many instances start at once', async () => {
    const instances = await Promise.all(Array.from({ length: 5 }, () => open(url)))
    await Promise.all(instances.map((instance) => instance.close()))
    expect(await one.read.query('SELECT name FROM migrations')).to.have.lengthOf(1)
  })

  it('lets one transaction at a time into what a name stands for, across instances', async () => {
    const increment = (database: Database) =>
      database.transaction(async (tx) => {
        await lockName(tx, 'counter')
        const before = await tx.countBy(Notes, {})
        await tx.insert(Notes, { id: String(before), body: 'x' })
      })
    await Promise.all(Array.from({ length: 40 }, (_, i) => increment(i % 2 ? one : other)))
    expect(await count()).to.equal(40)
  })

  it('runs a transaction again that a deadlock broke off', async () => {
    await one.transaction((tx) =>
      tx.insert(Notes, [
        { id: 'a', body: '0' },
        { id: 'b', body: '0' },
      ]),
    )
    const both = (database: Database, first: string, second: string) =>
      database.transaction(async (tx) => {
        await tx.sql`UPDATE note SET body = body || ${first} WHERE id = ${first}`
        await sleep(50)
        await tx.sql`UPDATE note SET body = body || ${second} WHERE id = ${second}`
      })
    await Promise.all([both(one, 'a', 'b'), both(other, 'b', 'a')])
    const notes = await one.read.find(Notes)
    expect(notes.map(({ body }) => body.length)).to.deep.equal([3, 3])
  })

  it('runs what is to be run alone on one instance at a time, and lets the other leave it', async () => {
    let inside = 0
    const work = async () => {
      expect(++inside).to.equal(1)
      await sleep(30)
      inside -= 1
      return 'done'
    }
    expect(await Promise.all([one.alone('job', work), other.alone('job', work)])).to.deep.equal(['done', 'done'])
    const [begun, leave] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const held = one.alone('job', async () => {
      begun.resolve()
      await leave.promise
    })
    await begun.promise
    expect(await other.alone('job', work, 'ifFree')).to.equal(undefined)
    leave.resolve()
    await held
    expect(await other.alone('job', work, 'ifFree')).to.equal('done')
  })

  it('tells every instance what one has committed, and nothing that was rolled back', async () => {
    const heard: string[] = []
    const listening = new Set<string>()
    for (const [name, database] of Object.entries({ one, other })) {
      database.onNotice('topic', () => heard.push(name))
      database.onNotice('anything', () => listening.add(name))
    }
    const allHear = async () => {
      listening.clear()
      await until(async () => {
        await one.transaction((tx) => notify(tx, 'anything'))
        return listening.size === 2
      })
    }
    await allHear()
    heard.length = 0 // what they hear when they begin to listen
    await rejection(
      one.transaction(async (tx) => {
        await notify(tx, 'topic')
        throw new Error('undone')
      }),
    )
    await one.transaction((tx) => notify(tx, 'topic'))
    await until(async () => heard.length === 2)
    await allHear()
    expect(heard).to.have.members(['one', 'other'])
  })

  it('notices that a network has dropped the connection it listens with, without a word', async () => {
    const network = await openNetwork(url)
    const behind = await open(network.url)
    try {
      let begun = false
      let heard = 0
      behind.onNotice('begun', () => (begun = true))
      behind.onNotice('topic', () => (heard += 1))
      await until(async () => {
        await one.transaction((tx) => notify(tx, 'begun'))
        return begun
      })
      network.drop()
      const before = heard
      await one.transaction((tx) => notify(tx, 'topic'))
      await until(async () => heard > before, 10_000)
      expect(network.listening()).to.equal(2)
    } finally {
      await behind.close()
      await network.close()
    }
  })

  it('commits to disk, whatever the server would do by itself', async () => {
    await one.transaction((tx) =>
      tx.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`),
    )
    const again = await open(url)
    expect(await again.transaction((tx) => tx.query('SHOW synchronous_commit'))).to.deep.equal([
      { synchronous_commit: 'on' },
    ])
    await again.close()
  })

  it('is refused in words when it cannot be opened, without the password', async () => {
    const { port } = new URL(url)
    const wrong = {
      [`postgres://postgres:hunter2@127.0.0.1:${port}/postgres`]: /28P01.*password or the user is wrong/,
      [url.replace(/[^/]*$/, 'nowhere')]: /3D000.*no such database/,
      'postgres://postgres:hunter2@127.0.0.1:1/db': /ECONNREFUSED.*see that the server runs/,
    }
    for (const [address, message] of Object.entries(wrong)) {
      const error = await rejection(open(address))
      expect(error).to.have.property('code', 'unavailable')
      expect((error as Error).message)
        .to.match(message)
        .and.not.match(/hunter2|postgres:postgres/)
    }
  })
})

describe('PostgreSQL, when it goes away', () => {
  let server: PostgresServer
  let database: Database

  before(async () => {
    server = await startPostgres()
    database = await open(await server.createDatabase())
  })
  after(async () => {
    await database.close()
    await server.remove()
  })

  it('refuses reads and writes as unavailable, keeps what it acknowledged, and goes on when it is back', async () => {
    const acknowledged: string[] = []
    const insert = (id: string) =>
      database.transaction((tx) => tx.insert(Notes, { id, body: 'x' })).then(() => acknowledged.push(id))
    const writing = Promise.allSettled(Array.from({ length: 200 }, (_, i) => sleep(i).then(() => insert(String(i)))))
    await sleep(60)
    await server.kill()
    const outcomes = await writing
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).to.have.property('code', 'unavailable')
    expect(outcomes.some(({ status }) => status === 'rejected')).to.equal(true)
    expect(await rejection(database.read.find(Notes))).to.have.property('code', 'unavailable')

    let noticed = 0
    database.onNotice('topic', () => (noticed += 1))
    await server.start()
    await until(
      () =>
        insert('after').then(
          () => true,
          () => false,
        ),
      5_000,
    )
    const kept = new Set((await database.read.find(Notes)).map(({ id }) => id))
    expect(acknowledged.filter((id) => !kept.has(id))).to.deep.equal([])
    await until(async () => noticed > 0)
  })

  it('waits for a server that stands still no longer than a few seconds, whatever it was asked', async () => {
    const insert = (id: string) => database.transaction((tx) => tx.insert(Notes, { id, body: 'x' }))
    server.pause()
    const begun = performance.now()
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => insert(`paused ${i}`)))
    expect(performance.now() - begun).to.be.below(10_000)
    for (const outcome of outcomes) expect(outcome).to.have.nested.property('reason.code', 'unavailable')
    server.resume()
    await insert('resumed')
    const kept = (await database.read.find(Notes)).map(({ id }) => id)
    expect(kept).to.include('resumed')
    expect(kept.filter((id) => id.startsWith('paused'))).to.deep.equal([])
  })
})

/** What lies between a service and its database; connections that listen can be dropped, and nobody is told. */
async function openNetwork(databaseUrl: string) {
  const database = new URL(databaseUrl)
  const sockets: Socket[] = []
  const listening: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(database.port), database.hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.on('data', (data) => {
      if (data.includes('LISTEN')) listening.push(near, far)
    })
    near.pipe(far)
    far.pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(databaseUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    /** Connections that ever listened. */
    listening: () => listening.length / 2,
    drop() {
      for (const socket of listening) socket.unpipe()
      for (const socket of listening) socket.pause()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
