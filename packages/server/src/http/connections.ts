import type { Server, ServerResponse } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { Server as TlsServer } from 'node:tls'

/** The connections of a server, each with its newest answer. */
export interface Connections {
  newestAnswer(socket: Socket): ServerResponse | undefined
  /** Accepts no more, answers what has arrived, and closes each connection after that; cuts off what takes longer. */
  close(limitMs: number): Promise<void>
}

/** Callers cannot know that we stop, and go on sending: until nothing has arrived for so long, and at most so long. */
const QUIET_MS = 250
const LINGER_MS = 2_000

export function trackConnections(server: Server | SecureServer): Connections {
  const answers = new Map<Socket, ServerResponse | undefined>()
  /** Connections and requests. */
  let arrived = 0
  let closing = false

  const take = (socket: Socket) => {
    arrived += 1
    answers.set(socket, undefined)
    socket.once('close', () => answers.delete(socket))
  }
  if (server instanceof TlsServer) takeSecured(server, take, (socket) => answers.delete(socket))
  else server.on('connection', take)
  server.on('request', ({ socket }, response) => {
    arrived += 1
    answers.set(socket, response)
    if (closing) response.setHeader('Connection', 'close')
  })

  return {
    newestAnswer: (socket) => answers.get(socket),
    async close(limitMs) {
      // Closing resets connections that the system has made for us and that we have not accepted yet.
      await quiet(() => arrived, 0, QUIET_MS)
      const closed = new Promise((resolve) => server.once('close', resolve))
      closing = true
      // An HTTP server's own close() cuts off connections that may be about to send a request.
      NetServer.prototype.close.call(server)
      for (const answer of answers.values()) if (answer && !answer.headersSent) answer.setHeader('Connection', 'close')
      endEventStreams(answers.values())
      await Promise.race([closed, quiet(() => arrived, QUIET_MS, LINGER_MS)])
      endEventStreams(answers.values()) // who was ended may have come again
      server.close()
      for (const [socket, answer] of answers)
        if (!answer || answer.writableFinished) socket.destroy()
        else answer.once('close', () => socket.destroySoon())
      const cutOff = setTimeout(() => server.closeAllConnections(), limitMs)
      await closed
      clearTimeout(cutOff)
    },
  }
}

/** Which never end by themselves. */
function endEventStreams(answers: Iterable<ServerResponse | undefined>): void {
  for (const answer of answers)
    if (answer && String(answer.getHeader('Content-Type')).startsWith('text/event-stream')) answer.end()
}

/** Each TCP connection counts until its handshake; from then on the TLS connection in it does. */
function takeSecured(server: TlsServer, take: (socket: Socket) => void, drop: (socket: Socket) => void): void {
  const handshaking = new Map<string, Socket>()
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket)
    take(socket)
    handshaking.set(peer, socket)
    socket.once('close', () => {
      if (handshaking.get(peer) === socket) handshaking.delete(peer)
    })
  })
  server.on('secureConnection', (socket) => {
    const peer = peerOf(socket)
    const plain = handshaking.get(peer)
    handshaking.delete(peer)
    if (plain) drop(plain)
    take(socket)
  })
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** Until `count` stays the same for so long, and at most until `limitMs` have passed. */
async function quiet(count: () => number, quietMs: number, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  let before: number
  do {
    before = count()
    await sleep(quietMs)
    // Time may have passed without a look at what the sockets hold: in two turns of the event loop there is one.
    await nextTurn()
    await nextTurn()
  } while (count() !== before && performance.now() < deadline)
}
