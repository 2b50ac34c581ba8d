import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { DomainError } from '@consulate/core'
import type { TlsConfig } from '../tls-config.ts'
import { trackConnections } from './connections.ts'
import { toProblem } from './problem.ts'
import { refuseConnection } from './refuse-connection.ts'

export interface Listening {
  port: number
  /** Where it listens, as a URL without a path. */
  url: string
  /** Requests before this are answered with 503. */
  serve(app: RequestListener): void
  /** Lets running requests finish, for as long as the limits say. */
  close(): Promise<void>
}

/** What one caller may take from the others; times in milliseconds. */
export interface Limits {
  /** For the headers of a request, from the opening of its connection on. */
  headersMs: number
  /** For a whole request, body included. */
  requestMs: number
  /** For a connection on which nothing moves although an answer is due: its caller does not read. */
  silenceMs: number
  keepAliveMs: number
  connections: number
  /** For what is under way when the server closes. */
  closeMs: number
}

export const LIMITS: Limits = {
  headersMs: 10_000,
  requestMs: 30_000,
  silenceMs: 60_000,
  keepAliveMs: 15_000,
  connections: 4_096,
  closeMs: 6_000,
}

/** How late a limit may be noticed. */
const CHECK_MS = 500

interface ListenOptions {
  /** HTTPS; plain HTTP when undefined. */
  tls?: TlsConfig | undefined
  limits?: Limits
}

/** Binds first, so that a service knows its address before it builds what answers there. */
export async function listen(
  host: string,
  port: number,
  { tls, limits = LIMITS }: ListenOptions = {},
): Promise<Listening> {
  let answer: RequestListener = refuseWhileStarting
  const options = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: CHECK_MS,
  }
  const server = tls
    ? createSecureServer({ ...options, ...tls, handshakeTimeout: limits.headersMs })
    : createServer(options)
  server.timeout = limits.silenceMs
  server.maxConnections = limits.connections
  const connections = trackConnections(server)
  server.on('request', (request, response) => answer(request, response))
  server.on('clientError', (error, socket) => refuseConnection(error, socket as Socket, connections))
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new DomainError('unavailable', describe(error, host, port), { cause: error })
  }
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    serve: (app) => {
      answer = app
    },
    close: () => connections.close(limits.closeMs),
  }
}

const refuseWhileStarting: RequestListener = (_request, response) => {
  const problem = toProblem(new DomainError('unavailable', 'The service is starting; try again in a moment.'))
  response.writeHead(problem.status, { 'Content-Type': 'application/problem+json', 'Retry-After': '1' })
  response.end(JSON.stringify(problem))
}

function describe(error: unknown, host: string, port: number): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use; stop what listens there or choose another port.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user; choose one above 1023.`
  return `Cannot listen on ${host}:${port} (${code ?? 'unknown error'}); check the host.`
}
