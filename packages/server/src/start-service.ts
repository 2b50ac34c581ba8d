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

/** What a service is behind its address. */
export interface Service {
  app: RequestListener
  stop(): Promise<void>
}

/** Binds first, so that a service can be built knowing its address; a start that fails leaves nothing behind. */
export async function startService(
  name: string,
  config: Pick<ServiceConfig, 'host' | 'port' | 'logLevel' | 'otlpEndpoint'>,
  build: (url: string, logger: Logger, observer: Observer) => Promise<Service>,
): Promise<RunningService> {
  const logger = createLogger(name, config.logLevel)
  const observer = await openObserver(name, config.otlpEndpoint, logger)
  const server = await listen(config.host, config.port)
  try {
    const service = await build(server.url, logger, observer)
    server.serve(service.app)
    logger.info({ url: server.url }, `${name} is ready`)
    return {
      url: server.url,
      port: server.port,
      async stop() {
        await server.close()
        await service.stop()
        await observer.tracing?.stop()
      },
    }
  } catch (error) {
    await server.close()
    await observer.tracing?.stop()
    throw error
  }
}
