import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from '@consulate/server'
import { expect } from 'chai'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { freePort } from './system/free-port.ts'
import { startPostgres } from './system/postgres.ts'
import { ADMIN_TOKEN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describe('the status that an issuer pushes', () => {
  let system: System
  let ways: Awaited<ReturnType<typeof openWays>>

  before(async () => {
    const port = await freePort()
    ways = await openWays(`http://127.0.0.1:${port}`)
    const settings = { CONSULATE_ISSUER_PORT: `${port}`, CONSULATE_ISSUER_PUBLIC_URL: ways.url }
    system = await startSystem({ settings })
    const role = { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' as const }
    await system.clients.issuer.putRole(ROLE, role)
    await until(async () => ways.following() === 1)
  })
  after(async () => {
    await ways?.close()
    await system?.stop()
  })

  it('has a role refused before the agent’s next call, while nobody asks for anything', async () => {
    const agents = await Promise.all([1, 2, 3].map((n) => system.agentWith(`pushed ${n}`, ROLE)))
    for (const agent of agents) await system.present(agent)
    const asked = ways.asked()
    for (const agent of agents) {
      await system.clients.issuer.revokeRole(agent.did, ROLE)
      await until(async () => (await outcome(agent)) === 'credential_revoked', 900)
    }
    expect(ways.asked()).to.equal(asked)
  })

  it('lets a follower go on where it was, without the list or the head of before', async () => {
    const first = await follow()
    const [snapshot] = await first.take(1)
    expect(snapshot!.event).to.equal('snapshot')
    await revokeSomebody('resumed')
    const id = snapshot!.id!
    const resumed = await follow({ 'Last-Event-ID': id })
    const [head] = await resumed.take(1)
    expect(head!.event).to.equal('head')
    expect(JSON.parse(head!.data).head.version).to.equal(Number(id.split('.')[1]) + 1)
    expect(JSON.parse(head!.data).deltas).to.have.lengthOf(1)
    const current = await follow({ 'Last-Event-ID': head!.id! })
    expect((await current.take(1))[0]!.event).to.equal('heartbeat')
    for (const unknown of ['0.0', '7.1', 'nonsense', '0.99999999']) {
      const anew = await follow({ 'Last-Event-ID': unknown })
      expect((await anew.take(1))[0]!.event, unknown).to.equal('snapshot')
    }
  })

  it('knows a verifier by its token, and refuses a token that is none', async () => {
    expect((await follow({ Authorization: `Bearer ${ADMIN_TOKEN}` })).status).to.equal(200)
    expect((await follow({ Authorization: 'Bearer nobody-s-token-0123456789' })).status).to.equal(401)
  })

  it('is asked for when it cannot be pushed', async () => {
    const agent = await system.agentWith('asked for', ROLE)
    ways.cut('events')
    await until(async () => ways.following() === 0)
    await system.present(agent)
    await system.clients.issuer.revokeRole(agent.did, ROLE)
    await until(async () => (await outcome(agent)) === 'credential_revoked', 5_000)
    ways.cut('nothing')
    await until(async () => ways.following() === 1)
  })

  it('ends acceptance by its age when nothing of it arrives, and brings it back when it does', async () => {
    const agent = await system.agentWith('cut off', ROLE)
    await system.present(agent)
    ways.cut('everything')
    const begun = performance.now()
    await until(async () => (await outcome(agent)) === 'status_stale', 8_000)
    expect(performance.now() - begun).to.be.below(6_500)
    ways.cut('nothing')
    await until(async () => (await outcome(agent)) === 'allowed')
  })

  it('stops saying that all is well when its issuer has lost its database, on PostgreSQL', async () => {
    const server = await startPostgres()
    const settings = { CONSULATE_ISSUER_DATABASE_URL: await server.createDatabase() }
    const losing = await startSystem({ settings })
    try {
      const role = { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' as const }
      await losing.clients.issuer.putRole(ROLE, role)
      const agent = await losing.agentWith('of an issuer without its database', ROLE)
      await losing.present(agent)
      server.pause()
      await until(async () => (await outcome(agent, losing)) === 'status_stale', 8_000)
      server.resume()
      await until(async () => (await outcome(agent, losing)) === 'allowed')
    } finally {
      await losing.stop()
      await server.remove()
    }
  })

  it('ends with its issuer, at once', async () => {
    const stream = await follow()
    await stream.take(1)
    const begun = performance.now()
    await system.issuer.stop()
    await stream.ended
    expect(performance.now() - begun).to.be.below(5_000)
  })

  const outcome = (agent: TestAgent, at = system): Promise<string> =>
    at.present(agent).then(
      () => 'allowed',
      (error) => error.code,
    )

  async function revokeSomebody(name: string) {
    const { did } = await system.agentWith(name, ROLE)
    await system.clients.issuer.revokeRole(did, ROLE)
  }

  async function follow(headers: Record<string, string> = {}) {
    const response = await fetch(`${system.issuer.url}/status/events`, { headers })
    const messages: EventSourceMessage[] = []
    const parser = createParser({ onEvent: (message) => messages.push(message) })
    const ended = (async () => {
      for await (const chunk of response.body!) parser.feed(Buffer.from(chunk).toString())
    })().catch(() => undefined)
    return {
      status: response.status,
      ended,
      async take(count: number) {
        await until(async () => messages.length >= count)
        return messages
      },
    }
  }
})

/** What lies between an issuer and its verifiers, and can be cut. */
async function openWays(issuerUrl: string) {
  const server = await listen('127.0.0.1', 0)
  const following = new Set<AbortController>()
  let cut: 'nothing' | 'events' | 'everything' = 'nothing'
  let asked = 0
  server.serve(async (request, response) => {
    const isEvents = request.url === '/status/events'
    if (cut === 'everything' || (cut === 'events' && isEvents)) return void response.destroy()
    if (!isEvents) asked += 1
    const leaving = new AbortController()
    if (isEvents) following.add(leaving)
    response.once('close', () => {
      leaving.abort()
      following.delete(leaving)
    })
    try {
      const { accept = '*/*', 'last-event-id': after = '' } = request.headers
      const headers = { Accept: accept, 'Last-Event-ID': String(after) }
      const answer = await fetch(`${issuerUrl}${request.url}`, { headers, signal: leaving.signal })
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' })
      for await (const chunk of answer.body!) response.write(chunk)
      response.end()
    } catch {
      response.destroy()
    }
  })
  return {
    url: server.url,
    asked: () => asked,
    following: () => following.size,
    cut(what: typeof cut) {
      cut = what
      if (what !== 'nothing') for (const leaving of following) leaving.abort()
    },
    async close() {
      for (const leaving of following) leaving.abort()
      await sleep(0)
      await server.close()
    },
  }
}
