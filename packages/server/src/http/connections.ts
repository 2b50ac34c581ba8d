import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The connections of a server, each with its newest answer. */
export interface Connections {
  newestAnswer(socket: Socket): ServerResponse | undefined
  /** Accepts no more, answers what has arrived, and closes each connection after that; cuts off what takes longer. */
  close(limitMs: number): Promise<void>
}

/** Time for requests that were sent before their callers could know that we stop. */
const LINGER_MS = 250

export function trackConnections(server: Server): Connections {
  const answers = new Map<Socket, ServerResponse | undefined>()
  let closing = false

  server.on('connection', (socket: Socket) => {
    answers.set(socket, undefined)
    socket.once('close', () => answers.delete(socket))
  })
  server.on('request', ({ socket }, response) => {
    answers.set(socket, response)
    if (closing) response.setHeader('Connection', 'close')
  })

  return {
    newestAnswer: (socket) => answers.get(socket),
    async close(limitMs) {
      const closed = new Promise((resolve) => server.once('close', resolve))
      closing = true
      // An HTTP server's own close() cuts off connections that may be about to send a request.
      NetServer.prototype.close.call(server)
      for (const answer of answers.values()) if (answer && !answer.headersSent) answer.setHeader('Connection', 'close')
      await Promise.race([closed, sleep(LINGER_MS)])
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
