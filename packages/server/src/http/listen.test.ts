import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { connect as connectPlainly, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectSecurely } from 'node:tls'
import { expect } from 'chai'
import { selfSigned, trustCertificate } from '../../../../test/system/self-signed.ts'
import { until } from '../../../../test/system/start-system.ts'
import type { TlsConfig } from '../tls-config.ts'
import { LIMITS, type Listening, listen } from './listen.ts'

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n'
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

for (const protocol of ['HTTP', 'HTTPS'])
  describe(`a listening server, over ${protocol}`, () => {
    const sockets: Socket[] = []
    let server: Listening
    let tls: TlsConfig | undefined
    let distrust = () => {}

    before(async () => {
      if (protocol === 'HTTP') return
      tls = await selfSigned()
      distrust = trustCertificate(tls.cert)
    })

    after(() => distrust())

    async function serve(app: RequestListener, limits: Partial<typeof LIMITS> = {}): Promise<void> {
      server = await listen('127.0.0.1', 0, { tls, limits: { ...LIMITS, ...limits } })
      server.serve(app)
    }

    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy()
      await server.close()
    })

    /** A connection on which this was sent, and all that comes back until the server closes it. */
    function open(sent: string): { socket: Socket; answer: Promise<string> } {
      const [port, host] = [server.port, '127.0.0.1']
      const socket: Socket = tls ? connectSecurely(port, host) : connectPlainly(port, host)
      sockets.push(socket)
      socket.on('error', () => undefined).write(sent)
      return { socket, answer: text(socket) }
    }

    const connected = (...opened: { socket: Socket }[]) =>
      Promise.all(opened.map(({ socket }) => once(socket, tls ? 'secureConnect' : 'connect')))

    const echo: RequestListener = async (request, response) => {
      const body = await text(request).catch(() => undefined)
      if (body !== undefined) response.end(`heard ${body}`)
    }

    const refusal = (status: number, code: string) =>
      new RegExp(
        `^HTTP/1.1 ${status} .*Content-Type: application/problem\\+json.*"status":${status},.*"code":"${code}"}$`,
        's',
      )

    describe('with slow callers', () => {
      const limits = { headersMs: 200, requestMs: 400 }

      it('refuses headers that do not end, a body that does not, and silence', async () => {
        await serve(echo, limits)
        const slow = ['GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', `${POST}{"x"`, '']
        for (const answer of await Promise.all(slow.map((sent) => open(sent).answer)))
          expect(answer).to.match(refusal(408, 'request_timeout'))
      })

      it('says nothing after an answer that did not wait for the body', async () => {
        await serve((_request, response) => void response.writeHead(401).end(), limits)
        expect(await open(`${POST}{"x"`).answer)
          .to.match(/^HTTP\/1.1 401 Unauthorized\r\n/)
          .and.not.include('408')
      })

      it('leaves alone whoever waits for a slow answer', async () => {
        await serve((_request, response) => void sleep(1_500).then(() => response.end('at last')), limits)
        expect(await (await fetch(server.url)).text()).to.equal('at last')
      })

      it('lets go of a caller that does not read', async () => {
        let gone = false
        await serve(
          (_request, response) => {
            response.once('close', () => {
              gone = true
            })
            response.end(Buffer.alloc(50_000_000))
          },
          { silenceMs: 200 },
        )
        const { socket } = open(GET)
        socket.pause()
        await until(async () => gone)
      })

      it('takes no more connections than it can bear, and serves those it has', async () => {
        await serve(echo, { connections: 3 })
        const kept = [open(''), open(''), open('')]
        await connected(...kept)
        // What it sent before it was closed may stay unread: then it is reset.
        expect(await open(GET).answer.catch(({ code }) => code)).to.be.oneOf(['', 'ECONNRESET'])
        kept[0]!.socket.write(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
        expect(await kept[0]!.answer).to.include('heard')
      })
    })

    it('refuses what is no HTTP, and headers that are too large', async () => {
      await serve(echo)
      expect(await open('GET /\0 HTTP/9.9\r\n\r\n').answer).to.match(refusal(400, 'invalid_request'))
      expect(await open(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`).answer).to.match(
        refusal(431, 'headers_too_large'),
      )
      expect(await open(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`).answer).to.match(
        refusal(431, 'headers_too_large'),
      )
    })

    describe('that closes', () => {
      it('finishes what is under way, answers what was on its way, and closes each connection after it', async () => {
        let [begun, ended] = [0, 0]
        await serve((_request, response) => {
          begun += 1
          void sleep(400).then(() => response.end('done', () => (ended += 1)))
        })
        const [running, early, late] = [open(GET), open(GET), open(GET)]
        await until(async () => ended === 3)
        running.socket.write(GET)
        await until(async () => begun === 4)
        const closing = server.close()
        early.socket.write(GET)
        for (const [{ answer }, count] of [
          [running, 2],
          [early, 2],
          [late, 1],
        ] as const) {
          const answers = (await answer).split(/(?=HTTP\/1.1 200)/)
          expect(answers).to.have.lengthOf(count)
          if (count === 2) expect(answers[1]).to.match(/\r\nConnection: close\r\n.*\r\n\r\ndone$/s)
        }
        await closing
      })

      it('ends the connection of an answer whose headers were sent before', async () => {
        const [begun, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
        await serve((_request, response) => {
          response.writeHead(200, { 'Content-Length': '4' }).write('do')
          begun.resolve()
          void rest.promise.then(() => response.end('ne'))
        })
        const { answer } = open(GET)
        await begun.promise
        let closed = false
        const closing = server.close().then(() => (closed = true))
        await sleep(300)
        expect(closed).to.equal(false)
        const released = performance.now()
        rest.resolve()
        await closing
        expect(await answer).to.match(/done$/)
        expect(performance.now() - released).to.be.below(3_000)
      })

      it('accepts nobody, and waits for nobody who has not asked', async () => {
        await serve(echo)
        await connected(open('GET / HTTP/1.1\r\nX-Slow: '), open(''))
        const begun = performance.now()
        const closing = server.close()
        const isRefused = () =>
          fetch(server.url).then(
            () => false,
            (error) => error.cause.code === 'ECONNREFUSED',
          )
        await until(isRefused, 1_000)
        await closing
        expect(performance.now() - begun).to.be.below(3_000)
      })

      it('cuts off what takes too long', async () => {
        const asked = Promise.withResolvers<void>()
        await serve(() => asked.resolve(), { closeMs: 200 })
        const { answer } = open(GET)
        await asked.promise
        const begun = performance.now()
        await server.close()
        expect(await answer).to.equal('')
        expect(performance.now() - begun).to.be.below(3_000)
      })
    })
  })

describe('a listening server, to callers who do not shake hands', () => {
  const sockets: Socket[] = []
  let server: Listening
  let distrust: () => void

  before(async () => {
    const tls = await selfSigned()
    distrust = trustCertificate(tls.cert)
    server = await listen('127.0.0.1', 0, { tls, limits: { ...LIMITS, headersMs: 3_000 } })
    server.serve((_request, response) => response.end('served'))
  })

  after(async () => {
    distrust()
    for (const socket of sockets) socket.destroy()
    await server.close()
  })

  function open(sent: string | Buffer): Promise<string> {
    const socket = connectPlainly(server.port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => undefined).write(sent)
    return text(socket).catch(() => '')
  }

  it('hangs up on who speaks plain HTTP, on who breaks off, and on who says nothing, and serves the others', async () => {
    const clientHello = Buffer.from('16030100c8010000c4', 'hex')
    const answers = [open(GET), open(clientHello), open('')]
    expect(await (await fetch(server.url)).text()).to.equal('served')
    for (const answer of await Promise.all(answers)) expect(answer).not.to.include('HTTP/1.1 2')
  })

  it('waits for none of them when it closes', async () => {
    const silent = open('')
    await once(sockets.at(-1)!, 'connect')
    const begun = performance.now()
    await server.close()
    expect(performance.now() - begun).to.be.below(2_500)
    expect(await silent).to.equal('')
  })
})
