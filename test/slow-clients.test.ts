import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { type System, startSystem, type TestAgent } from './system/start-system.ts'

const CLIENTS = 1_000
const POST = 'POST /presentations/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
const BODY = `${POST}Content-Length: 200000\r\n`

describe('slow clients', () => {
  let system: System
  let agent: TestAgent
  const sockets: Socket[] = []

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('ordinary', ROLE)
  })
  after(async () => {
    for (const socket of sockets) socket.destroy()
    await system?.stop()
  })

  function open(sent: string): Promise<string> {
    const socket = connect(system.verifier.port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    socket.write(sent)
    return text(socket).catch(() => '')
  }

  it('by the thousand keep nobody from being verified, and are shown out', async () => {
    const kinds = [
      'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      `${BODY}\r\n{`,
      `${BODY}Authorization: Bearer ${system.verifierToken}\r\n\r\n{`,
    ]
    const answers = Array.from({ length: CLIENTS }, (_, at) => open(kinds[at % kinds.length]!))
    for (let count = 0; count < 20; count++) expect(await system.present(agent)).to.have.property('verified', true)
    const shownOut = await Promise.all(answers.filter((_, at) => at % kinds.length === 0))
    for (const answer of shownOut) expect(answer).to.match(/^HTTP\/1.1 408 .*"code":"request_timeout"}$/s)
    expect(await system.present(agent)).to.have.property('verified', true)
  })

  it('who send a body in pieces without an end are refused at its limit, and little of it is kept', async () => {
    const piece = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`)
    const before = process.memoryUsage().arrayBuffers
    let kept = 0
    const clients = Array.from({ length: 20 }, async () => {
      const answer = open(`${POST}Transfer-Encoding: chunked\r\nAuthorization: Bearer ${system.verifierToken}\r\n\r\n`)
      const socket = sockets.at(-1)!
      for (let sent = 0; sent < 160 && socket.writable; sent++) {
        if (!socket.write(piece)) await Promise.race([sleep(100), once(socket, 'drain').catch(() => undefined)])
        kept = Math.max(kept, process.memoryUsage().arrayBuffers - before)
      }
      socket.end('0\r\n\r\n')
      return answer
    })
    for (const answer of await Promise.all(clients))
      expect(answer).to.match(/^HTTP\/1.1 413 .*"code":"body_too_large"}$/s)
    expect(kept, 'of 200 MB').to.be.below(100_000_000)
  })
})
