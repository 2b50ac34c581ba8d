import type { RequestListener } from 'node:http'
import type { ServiceConfig } from './config.ts'
import { listen } from './http/listen.ts'
import { createLogger, type Logger } from './logger.ts'
import { type Observer, openObserver } from './observe/observer.ts'

export interface RunningService {
  /** Where it listens, as a URL without a path. */
  url: string
  port: number
  /** Answers what is under way, then lets go of everything. */
  stop(): Promise<void>
}

/** What a service is built with. */
export interface Start {
  /** The service's name. */
  name: string
  /** Where it will be found, as a URL without a path. */
  url: string
  logger: Logger
  observer: Observer
  /** Takes what has to be let go of when the service stops or does not start; the newest goes first. */
  resources: AsyncDisposableStack
}

/** Binds first, so that a service can be built knowing its address; a start that fails leaves nothing behind. */
export async function startService(
  name: string,
  config: Pick<ServiceConfig, 'host' | 'port' | 'tls' | 'logLevel' | 'otlpEndpoint'>,
  build: (start: Start) => Promise<RequestListener>,
): Promise<RunningService> {
  const opened = new AsyncDisposableStack()
  try {
    const logger = createLogger(name, config.logLevel)
    const observer = await openObserver(name, config.otlpEndpoint, logger)
    opened.defer(() => observer.tracing?.stop())
    const resources = opened.use(new AsyncDisposableStack())
    const server = await listen(config.host, config.port, { tls: config.tls })
    opened.defer(server.close)
    const { url, port } = server
    server.serve(await build({ name, url, logger, observer, resources }))
    logger.info({ url }, `${name} is ready`)
    return { url, port, stop: () => opened.disposeAsync() }
  } catch (error) {
    await opened.disposeAsync().catch(() => undefined) // why it did not start matters more
    throw error
  }
}
