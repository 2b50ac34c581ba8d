import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { DomainError } from '@consulate/core'
import type { Connections } from './connections.ts'
import { toProblem } from './problem.ts'

/** For the caller to read the answer, while what it goes on sending is thrown away. */
const LINGER_MS = 1_000

/** Answers a request that broke off before it was read, as all refusals are written, and closes its connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket, connections: Connections): void {
  if (socket.writableEnded) return
  const newest = connections.newestAnswer(socket)
  const isWritten = newest?.headersSent && !(newest.writableFinished && newest.req.complete)
  if (!socket.writable || isWritten) return void socket.destroy()
  const problem = toProblem(asDomainError(error))
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

function asDomainError(cause: NodeJS.ErrnoException): DomainError {
  switch (cause.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('request_timeout', 'The request was not complete in time; send it again, faster.', {
        cause,
      })
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError('headers_too_large', 'The headers and the URL have more than 16 KiB; send less.', {
        cause,
      })
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new DomainError('body_too_large', 'The chunk extensions are too long; leave them out.', { cause })
    default:
      return new DomainError('invalid_request', 'This is not HTTP/1.1 as RFC 9112 has it; use an HTTP client.', {
        cause,
      })
  }
}
