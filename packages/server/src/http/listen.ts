import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DomainError } from '@consulate/core'
import { toProblem } from './problem.ts'

export interface Listening {
  port: number
  /** Where it listens, as a URL without a path. */
  url: string
  /** Requests before this are answered with 503. */
  serve(app: RequestListener): void
  /** Lets running requests finish, for five seconds at most. */
  close(): Promise<void>
}

/** Binds first, so that a service knows its address before it builds what answers there. */
export async function listen(host: string, port: number): Promise<Listening> {
  let answer: RequestListener = refuseWhileStarting
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 15_000 },
    (request, response) => answer(request, response),
  )
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new DomainError('unavailable', describe(error, host, port), { cause: error })
  }
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    serve: (app) => {
      answer = app
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const cutOff = setTimeout(() => server.closeAllConnections(), 5_000)
      await closed
      clearTimeout(cutOff)
    },
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
